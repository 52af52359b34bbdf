/** The CLB that was named is not there, or the name fits several. */
export class LoadBalancerLookupError extends Error {
  override readonly name = 'LoadBalancerLookupError'
  readonly reason: 'not-found' | 'ambiguous' | 'not-named' | 'no-region' | 'unknown-region' | 'no-listener'
  /** What was searched for, e.g. `lb-7dpmqwcu`. */
  readonly searched: string
  readonly region: string | null
  /** For `ambiguous` the CLBs that fit, for `no-listener` the listeners that are there. */
  readonly candidates: readonly string[]

  constructor(
    reason: LoadBalancerLookupError['reason'],
    searched: string,
    region: string | null,
    candidates: readonly string[] = [],
  ) {
    super(`${reason}: ${searched} in ${region}`)
    this.reason = reason
    this.searched = searched
    this.region = region
    this.candidates = candidates
  }
}
