/** Rules of a language that cannot be written as a text. */
export interface Customs {
  /** The number after a shortened list counts all items, or only the items left out. */
  readonly moreCounts: 'all' | 'rest'
  /** The time zone in which times are shown, an IANA name. */
  readonly zone: string
}
