import type { Received } from '../../model/alarm.ts'
import { type Diagnosis, isCause } from '../../model/diagnosis.ts'
import type { RouteFacts } from '../../model/routing.ts'

/** A CLB hears from few policies. More of them would only fill the record. */
const MOST_POLICIES = 20

export interface RouteFactsNow {
  readonly diagnosis: Pick<Diagnosis, 'loadBalancer' | 'findings'>
  /** Null: the CLB could not be read. */
  readonly tags: Readonly<Record<string, string>> | null
  readonly received: readonly Pick<Received, 'alarm'>[]
}

/** What routes ask about a CLB. A look that found nothing does not forget what is known. Pure. */
export function routeFactsOf(
  { diagnosis, tags, received }: RouteFactsNow,
  before: RouteFacts | undefined,
): RouteFacts {
  const { loadBalancer, findings } = diagnosis
  const policies = received.flatMap(({ alarm: { policy } }) => [policy.name, policy.id])
  return {
    tags: tags ?? before?.tags ?? {},
    vpc: loadBalancer === null ? (before?.vpc ?? null) : (loadBalancer.vpcId ?? null),
    policies: [...new Set([...policies, ...(before?.policies ?? [])])]
      .filter((one) => one !== null)
      .slice(0, MOST_POLICIES),
    codes: codesOf(findings),
  }
}

/** Of its causes, without a cause of its other findings. Notes do not count. */
export function codesOf(findings: Diagnosis['findings']): readonly string[] {
  const causes = findings.filter(isCause)
  const others = findings.filter(({ role }) => role !== 'note')
  return [...new Set((causes.length > 0 ? causes : others).map(({ code }) => code))]
}
