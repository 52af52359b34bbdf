import { CloudError, CredentialsError, readFailure } from '../cloud/index.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { LoadBalancerLookupError } from '../snapshot/index.ts'

export { lookupFailureText } from '../diagnosis/index.ts'

const KINDS = {
  'not-found': 'unknown-load-balancer',
  'no-domain': 'unknown-domain',
  ambiguous: 'ambiguous-vip',
  'no-region': 'no-region',
  'unknown-region': 'unknown-region',
  'not-named': 'not-named',
  'no-listener': 'unknown-listener',
} as const satisfies Record<LoadBalancerLookupError['reason'], LookupFailure['kind']>

/** Turns any error into data, so that every alarm gets an answer. An error that no stage expects is our defect. */
export function lookupFailureOf(error: unknown, region: string | null, isRegionNamed = false): LookupFailure {
  if (error instanceof LoadBalancerLookupError)
    return {
      kind: KINDS[error.reason],
      searched: error.searched,
      region: error.region ?? region,
      ...(isRegionNamed ? { isRegionNamed } : {}),
      candidates: error.candidates,
    }
  if (error instanceof CredentialsError)
    return { kind: 'credentials', code: error.code, variable: VARIABLES[error.fault], region }
  if (error instanceof CloudError) return { kind: 'unreadable', failure: readFailure(error), region }
  return { kind: 'defect', detail: error instanceof Error ? error.message : String(error), region }
}

/** The variable that the user should check, for each error of the API. Null: no variable is wrong. */
const VARIABLES = {
  'unknown-id': 'TENCENTCLOUD_SECRETID',
  'bad-signature': 'TENCENTCLOUD_SECRETKEY',
  token: 'TENCENTCLOUD_SESSIONTOKEN',
  other: 'TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY',
  'clock-skew': null,
} as const satisfies Record<CredentialsError['fault'], string | null>
