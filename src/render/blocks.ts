import type { Language } from '../model/language.ts'

// The report as blocks: the content of a diagnosis or a scan, in order, without the markup of a format. Texts are not
// escaped: each printer escapes them for its format. A printer also drops blocks if its receiver limits the length.

/** The colour of a state or a cause: red = all down, amber = some down, green = healthy, grey = unknown. */
export type Tone = 'red' | 'amber' | 'green' | 'grey'

/** How a chat message treats a block. A block without it is shown on pages only. */
export interface Brief {
  /** If a message is too long, the highest rank is dropped first. */
  readonly rank: number
  /** If the block is dropped, the count of omitted items grows by this. 0 for the id of the report. */
  readonly items: number
  /** The text may be cut to so many characters. If absent, the text is shown whole or dropped. */
  readonly most?: number
}

/** The first lines: the state, the name, and below them the id, region and addresses. */
export interface Title {
  readonly tone: Tone
  /** E.g. `部分异常`, `Degraded`. */
  readonly state: string
  /** E.g. `shop-front (lb-7dpmqwcu)`. */
  readonly name: string
  /** One line for the CLB's id, region and VIPs, one for its alarm. `most`: characters in a chat. */
  readonly context: readonly { readonly text: string; readonly most: number }[]
  readonly brief: Brief
}

/** The impact in one sentence. */
export interface Headline {
  readonly text: string
  /** Left out if the causes already say it. */
  readonly brief?: Brief
}

/** The subject of a block. Printers order blocks by it, and tests find blocks by it. */
export type Topic =
  | 'cause'
  | 'expected'
  | 'other'
  | 'others'
  | 'backends'
  | 'traffic'
  | 'gaps'
  | 'unread-regions'
  | 'not-reached'
  | 'load-balancers'
  | 'unexplained'
  | 'clean'
  | 'grant'
  | 'unsupported'

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
  /** In a chat, `brief.label` replaces the heading's label. */
  readonly brief?: Brief & { readonly label?: string }
}

/** One or more sentences. */
export interface Paragraph {
  readonly kind: 'paragraph'
  /** Absent inside a section: the section's topic counts. */
  readonly topic?: Topic
  readonly text: string
  readonly style: 'strong' | 'plain' | 'small'
  /** It belongs to the block before it. A terminal shows no empty line between the two. */
  readonly isJoined?: boolean
  readonly brief?: Brief
}

/** What supports a finding: the backends that it explains, changes with their authors, API answers. */
export interface Proof {
  readonly kind: 'proof'
  readonly of: 'explained' | 'healthy-beside' | 'contradicted' | 'change' | 'evidence' | 'accepted'
  readonly label?: string
  readonly values: readonly string[]
  readonly brief?: Brief
}

/** What to change, and who else is affected. */
export interface Action {
  readonly kind: 'action'
  readonly label: string
  readonly text: string
  readonly alsoAffects: { readonly label: string; readonly text: string } | null
  readonly brief?: Brief
}

/** Lines for the reader to copy. They are never folded or cut. */
export interface Code {
  readonly kind: 'code'
  readonly language: 'shell' | 'terraform'
  readonly lines: readonly string[]
  /** Applies to each line separately. */
  readonly brief?: Brief
}

/** Lines of one kind. The section's heading names the kind. */
export interface List {
  readonly kind: 'list'
  readonly isBulleted: boolean
  readonly items: readonly ListItem[]
  /** Shown in a chat in place of the items that have no `brief`. */
  readonly rest?: Paragraph
}

export interface ListItem {
  readonly text: string
  readonly brief?: Brief
  /** Commands for the reader to run by hand. */
  readonly steps?: { readonly label: string; readonly lines: readonly string[]; readonly rank: number }
}

/** A table. Every row has one cell per column. */
export interface Table {
  readonly kind: 'table'
  readonly topic: 'backends' | 'load-balancers'
  readonly caption?: { readonly label: string; readonly values: readonly string[] }
  readonly columns: readonly Column[]
  /** The head of the last column, which holds the notes of the rows. */
  readonly notesHead?: string
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
  /** Rows with 0 come first. */
  readonly order: number
  readonly brief?: Brief
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
  readonly cost: string
  readonly createdAt: string
  readonly brief: Brief
}

export interface Report {
  readonly language: Language
  /** The subject of a mail. It has no state in it: mail programs group by subject, and the state changes. */
  readonly subject: string
  readonly title: Title
  readonly headline: Headline
  readonly blocks: readonly Block[]
  readonly foot: Foot
  /** The report has a wide table, so it needs a wide page. */
  readonly isWide: boolean
  /** The line that says how many items were left out. */
  readonly omitted: (count: number) => string
  /** The line that says how many rows of a table were left out. */
  readonly omittedRows: (count: number) => string
}

/** The report's id, cost and time. */
export const footLine = ({ id, cost, createdAt }: Foot): string => [id, cost, createdAt].join(' · ')
