/** Rules of a language that cannot be written as a text. */
export interface Customs {
  /** The number after a shortened list counts all items, or only the items left out. */
  readonly moreCounts: 'all' | 'rest'
  /** The time zone in which times are shown, an IANA name. */
  readonly zone: string
  /** Names of regions. A region without a name is shown by its code. */
  readonly regions: Readonly<Record<string, string>>
  /** Senders of alarms name metrics in Chinese beside their own names. True if the reader reads Chinese. */
  readonly readsChinese: boolean
}
