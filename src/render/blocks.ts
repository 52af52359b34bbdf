import type { Language } from '../model/language.ts'

// The report as blocks: the content of a diagnosis or a scan, in order, without the markup of a format. Texts are not
// escaped: each printer escapes them for its format. A printer also drops blocks if its receiver limits the length.

/** The colour of a state or a cause: red = all down, amber = some down, green = healthy, grey = unknown. */
export type Tone = 'red' | 'amber' | 'green' | 'grey'

/** How a chat message treats a part of the summary. */
export interface Brief {
  /** If a message is too long, the highest rank is dropped first. */
  readonly rank: number
  /** If the part is dropped, the count of omitted items grows by this. 0 for what names a place. */
  readonly items: number
  /** If the part is dropped, so is every such part of a higher rank, also if it would still fit. */
  readonly isOrdered?: boolean
  /** The id of the incident that the text names, of several in one message. */
  readonly incident?: string
  /** The text may be cut to so many characters. If absent, the text is shown whole or dropped. */
  readonly most?: number
}

/** The first line: the state in a word, and the name of the CLB. */
export interface Title {
  readonly tone: Tone
  /** E.g. `3/5 后端异常`, `3/5 backends down`. */
  readonly state: string
  /** E.g. `shop-front`. The id stands in the last line. Empty for several CLBs. */
  readonly name: string
  readonly brief: Brief
}

export interface Link {
  readonly text: string
  /** An address of the console, or of a page of clb-doctor. */
  readonly url: string
  /** It stands at the first place that names the thing, else at the last. */
  readonly isFirst?: boolean
}

/** One step, or one of several ways to mend the same thing. */
export interface Step {
  readonly text: string
  /** What else to know: who else is affected. */
  readonly asides: readonly string[]
  readonly commands: readonly Code[]
  /** The commands change something for a cause that is only possible. A chat message leaves them out. */
  readonly isGuess?: boolean
}

/** A part of the summary: a label, a sentence, and the few lines that support it. */
export interface Part {
  readonly kind: 'part'
  readonly topic: PartTopic
  readonly label?: string
  /** The colour of the label. */
  readonly tone?: Tone
  readonly text: string
  /** The page of a thing that the text names. */
  readonly link?: Link
  readonly quotes?: readonly string[]
  /** Of a cause: what stands where its label, which says how certain it is, is not shown. */
  readonly bare?: string
  /** Numbered if there are several. */
  readonly steps?: readonly Step[]
  readonly links?: readonly Link[]
  readonly brief: Brief
}

export type PartTopic =
  // Why the message comes, and what changed since the last one.
  | 'news'
  // Who has it, and until when it is silenced.
  | 'handling'
  | 'impact'
  | 'cause'
  | 'action'
  | 'also'
  | 'open'
  | 'members'
  | 'incident'
  | 'links'
  | 'alarm'

/** The subject of a block. Tests find blocks by it. */
export type Topic =
  | 'cause'
  | 'expected'
  | 'other'
  | 'others'
  | 'backends'
  | 'gaps'
  | 'entries'
  | 'not-reached'
  | 'load-balancers'
  // What happened to an incident, and who was told.
  | 'deliveries'
  | 'timeline'

/** A heading and its blocks. A section within a section is one level deeper. */
export interface Section {
  readonly kind: 'section'
  readonly topic: Topic
  readonly heading: Heading
  readonly blocks: readonly Block[]
}

export interface Heading {
  /** Shown before the text, e.g. `Cause (certain)`. */
  readonly label?: string
  readonly text: string
  /** The colour of the label. */
  readonly tone?: Tone
}

/** One or more sentences. */
export interface Paragraph {
  readonly kind: 'paragraph'
  readonly text: string
  readonly style: 'strong' | 'plain' | 'small'
}

/** What supports a finding: the backends that it explains, changes with their authors, API answers. */
export interface Proof {
  readonly kind: 'proof'
  readonly of: 'explained' | 'healthy-beside' | 'contradicted' | 'change' | 'evidence' | 'accepted'
  readonly label?: string
  readonly values: readonly string[]
}

/** What to change, and who else is affected. */
export interface Action {
  readonly kind: 'action'
  readonly label: string
  readonly text: string
  readonly asides: readonly string[]
}

/** Lines for the reader to copy. They are never folded or cut. */
export interface Code {
  readonly kind: 'code'
  /** `text`: addresses, for example. Nobody runs it. */
  readonly language: 'shell' | 'terraform' | 'text'
  readonly lines: readonly string[]
}

/** Lines of one kind. The section's heading names the kind. */
export interface List {
  readonly kind: 'list'
  readonly isBulleted: boolean
  readonly items: readonly ListItem[]
}

export interface ListItem {
  readonly text: string
  /** Commands for the reader to run by hand. */
  readonly steps?: { readonly label: string; readonly lines: readonly string[] }
}

/** A table. Every row has one cell per column. */
export interface Table {
  readonly kind: 'table'
  readonly topic: 'backends' | 'load-balancers'
  readonly caption?: { readonly label: string; readonly values: readonly string[] }
  readonly columns: readonly Column[]
  /** The head of the last column, which holds the notes of the rows. */
  readonly notesHead?: string
  /** The head of the place where probes stop. */
  readonly stopsHead?: string
  /** The head of the signs of all steps, where they share a column. */
  readonly signsHead?: string
  readonly rows: readonly Row[]
  /** Explains the signs in the cells. */
  readonly legend?: string
}

export interface Column {
  readonly head: string
  /** All cells of the column are equal, so narrow formats leave it out. */
  readonly isSame?: boolean
}

export interface Row {
  readonly cells: readonly Cell[]
  readonly notes: readonly string[]
  /** Where probes to this backend stop, e.g. `✗ 安全组`. */
  readonly stops?: string
  /** Rows with 0 come first. */
  readonly order: number
}

export interface Cell {
  readonly text: string
  readonly tone?: Tone
  /** The text of the cell in a table without a head, e.g. `weight 10`, `✓ security group`. */
  readonly alone?: string
  /** The text is a sign that the legend of the table explains. */
  readonly isSign?: boolean
  /** The reason for the value. */
  readonly detail?: string
  /** If present, the text is `name (id)`. A narrow column cuts the name and keeps the id whole. */
  readonly id?: string
}

export type Block = Section | Paragraph | Proof | Action | Code | List | Table

/** The last lines: next steps, the report's id, its cost. */
export interface Foot {
  readonly lines: readonly string[]
  readonly id: string
  /** Empty for a message that no single look made. */
  readonly cost: string
  readonly createdAt: string
  readonly brief: Brief
}

export interface Report {
  readonly language: Language
  /** The subject of the first mail of an incident. Later mails repeat it, so that mail programs group them. */
  readonly subject: string
  /** The line that mail programs show beside the subject. */
  readonly preheader: string
  /** The line of a notification, which people see without anything else. It has the name, too. */
  readonly notification: string
  readonly title: Title
  /** Impact, cause, action and the rest that a reader needs first. A chat message shows nothing else. */
  readonly summary: readonly Part[]
  /** The proof of a diagnosis, the table of a scan. */
  readonly details: readonly Block[]
  /** Id, region, addresses of the CLB, and the time of the look. */
  readonly place: string
  readonly foot: Foot
  /** The details are a wide table: they need a wide page, and a ticket does without them. */
  readonly isWide: boolean
  /** The line that says how many items were left out. */
  readonly omitted: (count: number) => string
  /** The line that says how many rows of a table were left out. */
  readonly omittedRows: (count: number) => string
}

/** The report's id, cost and time. */
export const footLine = ({ id, cost, createdAt }: Foot): string =>
  [id, cost, createdAt].filter((part) => part !== '').join(' · ')
