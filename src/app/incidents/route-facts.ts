import type { Received } from '../../model/alarm.ts'
import { type Diagnosis, isCause } from '../../model/diagnosis.ts'
import type { RouteFacts, RouteField } from '../../model/routing.ts'
import type { Snapshot } from '../../model/snapshot.ts'

/** A CLB hears from few policies. More of them would only fill the record. */
const MOST_POLICIES = 20

export interface RouteFactsNow {
  readonly diagnosis: Pick<Diagnosis, 'loadBalancer' | 'findings' | 'verdict' | 'gaps'>
  /** Null: they could not be read. */
  readonly tags: Readonly<Record<string, string>> | null
  readonly received: readonly Pick<Received, 'alarm'>[]
}

/** The tags of the CLB. Null: the CLB could not be read, or the answer does not say which tags it has. */
export function tagsIn(snapshot: Pick<Snapshot, 'loadBalancer'> | null): RouteFactsNow['tags'] {
  if (snapshot?.loadBalancer.state !== 'ok') return null
  const { tags, tagsUnsaid } = snapshot.loadBalancer.value
  return tagsUnsaid ? null : tags
}

/** What routes ask about a CLB. A look that found nothing does not forget what is known. Pure. */
export function routeFactsOf(
  { diagnosis, tags, received }: RouteFactsNow,
  before: RouteFacts | undefined,
): RouteFacts {
  const { loadBalancer, findings } = diagnosis
  const policies = received.flatMap(({ alarm: { policy } }) => [policy.name, policy.id])
  const found = codesOf(findings)
  const codes = found.length === 0 && isIncomplete(diagnosis) ? (before?.codes ?? []) : found
  // The view of a CLB that could not be read has neither a name nor a VPC.
  const isRead = { name: loadBalancer?.name !== undefined, vpc: loadBalancer?.vpcId !== undefined }
  const isUnread: Partial<Record<RouteField, boolean>> = {
    tag: tags === null,
    name: !isRead.name,
    region: !isRead.name && received.every(({ alarm }) => alarm.region === null),
    vpc: !isRead.vpc,
    code: codes.length === 0 && isIncomplete(diagnosis),
  }
  const wasUnread = before?.unread ?? (before === undefined ? RECORDED : [])
  return {
    tags: tags ?? before?.tags ?? {},
    vpc: isRead.vpc ? (loadBalancer?.vpcId ?? null) : (before?.vpc ?? null),
    policies: [...new Set([...policies, ...(before?.policies ?? [])])]
      .filter((one) => one !== null)
      .slice(0, MOST_POLICIES),
    codes,
    unread: RECORDED.filter((field) => isUnread[field] && (field === 'code' || wasUnread.includes(field))),
  }
}

/** Something that could not be read may explain the trouble. */
const isIncomplete = ({ verdict, gaps }: Pick<Diagnosis, 'verdict' | 'gaps'>): boolean =>
  verdict === 'inconclusive' ||
  (verdict !== 'healthy' && gaps.some(({ errorCode }) => errorCode !== undefined))

/** The record of a CLB says of these whether they were read. */
const RECORDED = ['tag', 'name', 'region', 'vpc', 'code'] as const satisfies readonly RouteField[]

/** Of its causes, without a cause of its other findings. Notes do not count. */
export function codesOf(findings: Diagnosis['findings']): readonly string[] {
  const causes = findings.filter(isCause)
  const others = findings.filter(({ role }) => role !== 'note')
  return [...new Set((causes.length > 0 ? causes : others).map(({ code }) => code))]
}
