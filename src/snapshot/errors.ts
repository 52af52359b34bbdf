/** The CLB that was named is not there, or the name fits several. */
export class LoadBalancerLookupError extends Error {
  override readonly name = 'LoadBalancerLookupError'
  readonly reason: 'not-found' | 'ambiguous' | 'not-named'
  /** What was searched for, e.g. `lb-7dpmqwcu`. */
  readonly searched: string
  readonly region: string
  /** For `ambiguous`: the ids that fit, with their VPCs. */
  readonly candidates: readonly string[]

  constructor(
    reason: LoadBalancerLookupError['reason'],
    searched: string,
    region: string,
    candidates: readonly string[] = [],
  ) {
    super(`${reason}: ${searched} in ${region}`)
    this.reason = reason
    this.searched = searched
    this.region = region
    this.candidates = candidates
  }
}
