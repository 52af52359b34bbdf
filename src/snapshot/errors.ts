/** The CLB that was named does not exist, or the name fits several. */
export class LoadBalancerLookupError extends Error {
  override readonly name = 'LoadBalancerLookupError'
  readonly reason:
    | 'not-found'
    | 'no-domain'
    | 'ambiguous'
    | 'not-named'
    | 'no-region'
    | 'unknown-region'
    | 'no-listener'
  /** What was searched for, for example `lb-7dpmqwcu`. */
  readonly searched: string
  readonly region: string | null
  /** For `ambiguous` the CLBs that fit, for `no-listener` the listeners that exist. */
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
