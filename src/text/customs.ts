/** What a language does its own way and no text can say. */
export interface Customs {
  /** The number behind a list that was cut short: of all its items, or of those that are left out. */
  readonly moreCounts: 'all' | 'rest'
  /** Times are shown in a time zone of the readers. */
  readonly hoursFromUtc: number
}
