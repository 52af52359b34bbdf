import type { Language } from '../model/language.ts'

// The report as blocks: what a diagnosis or a scan says, in order, without the marks of any format. Texts are raw: a
// printer makes them safe for its format. A printer adds marks, and leaves out what its receiver's limit does not hold.

/** The colour of a state or a cause: red all down, amber some down, green well, grey cannot tell. */
export type Tone = 'red' | 'amber' | 'green' | 'grey'

/** How a chat message treats a block. A block without it is shown on pages only. */
export interface Brief {
  /** A message that is too long drops the highest rank first. */
  readonly rank: number
  /** What the block adds to the count of what was left out. The id of the report adds 0. */
  readonly items: number
  /** The text may be cut to so many characters. Without it, the text is shown whole or left out. */
  readonly most?: number
}

/** The first lines: the state, the name, and below them the id, region and addresses. */
export interface Title {
  readonly tone: Tone
  /** `部分异常`, `Degraded` */
  readonly state: string
  /** `shop-front (lb-7dpmqwcu)` */
  readonly name: string
  /** The place of the CLB, and its alarm. */
  readonly context: readonly { readonly text: string; readonly most: number }[]
  readonly brief: Brief
}

/** The impact in a sentence. */
export interface Headline {
  readonly text: string
  /** Left out if the causes already say it. */
  readonly brief?: Brief
}

/** What a section is about; tests and printers find it by this. */
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
  /** `Cause (certain)`, before the text. */
  readonly label?: string
  readonly text: string
  /** Of the label. */
  readonly tone?: Tone
  /** `label` replaces the heading's own in a chat. */
  readonly brief?: Brief & { readonly label?: string }
}

/** One or more sentences. */
export interface Paragraph {
  readonly kind: 'paragraph'
  /** Absent within a section. */
  readonly topic?: Topic
  readonly text: string
  readonly style: 'strong' | 'plain' | 'small'
  /** It belongs to the block before it. */
  readonly isJoined?: boolean
  readonly brief?: Brief
}

/** What supports a finding: the backends it explains, who changed what, which call said so. */
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

/** Lines to be copied. They are never folded or cut. */
export interface Code {
  readonly kind: 'code'
  readonly language: 'shell' | 'terraform'
  readonly lines: readonly string[]
  /** Of each line. */
  readonly brief?: Brief
}

/** Lines of one kind. The section's heading names the kind. */
export interface List {
  readonly kind: 'list'
  readonly isBulleted: boolean
  readonly items: readonly ListItem[]
  /** Stands in a chat for the items that have no `brief`. */
  readonly rest?: Paragraph
}

export interface ListItem {
  readonly text: string
  readonly brief?: Brief
  /** To be done by hand. */
  readonly steps?: { readonly label: string; readonly lines: readonly string[]; readonly rank: number }
}

/** Rows of the same cells. */
export interface Table {
  readonly kind: 'table'
  readonly topic: 'backends' | 'load-balancers'
  readonly caption?: { readonly label: string; readonly values: readonly string[] }
  readonly columns: readonly Column[]
  /** Of the notes of rows. */
  readonly notesHead?: string
  readonly rows: readonly Row[]
  /** What the signs mean. */
  readonly legend?: string
}

export interface Column {
  readonly head: string
  /** All rows have the same, so a narrow format leaves it out. */
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
  /** How the cell reads in a table without a head: `weight 10`, `✓ security group`. */
  readonly alone?: string
  /** The table's legend explains it. */
  readonly isSign?: boolean
  /** Why it is so. */
  readonly detail?: string
  /** The text is `name (id)`: a narrow column cuts the name and keeps the id. */
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
  /** Of a mail. It names the CLB alone: mail programs thread by it, and the state changes. */
  readonly subject: string
  readonly title: Title
  readonly headline: Headline
  readonly blocks: readonly Block[]
  readonly foot: Foot
  /** A table needs a wide page. */
  readonly isWide: boolean
  /** Says that so many items were left out. */
  readonly omitted: (count: number) => string
  /** The same of rows of a table. */
  readonly omittedRows: (count: number) => string
}

/** The report's id, cost and time. */
export const footLine = ({ id, cost, createdAt }: Foot): string => [id, cost, createdAt].join(' · ')
