import { diagnose, diagnoseSnapshot } from '../../src/app/diagnose.ts'
import { diagnoseNothing, joinedSummary, thingOf } from '../../src/diagnosis/index.ts'
import { type Change, type Diagnosis, isCause } from '../../src/model/diagnosis.ts'
import type { Absence, Digest, IncidentNotice, LastReadable } from '../../src/model/incident.ts'
import type { Language } from '../../src/model/language.ts'
import type { LookupFailure } from '../../src/model/lookup-failure.ts'
import { requestsTo } from '../../src/model/requests.ts'
import type { ScanCause } from '../../src/model/scan.ts'
import { causesIn, joinCauses } from '../../src/scan/causes.ts'
import { REGION } from '../../src/simulator/base.ts'
import type { World } from '../../src/simulator/world.ts'
import { worldOf } from '../scan/support.ts'
import { ALARM, type InBoth, inBoth } from './in-both.ts'
import { inMemory } from './in-memory.ts'
import { memberOf, noticeOf, PAGES } from './notices.ts'
import { oneCause } from './scan-gallery.ts'
import { PLAIN_READER } from './snapshots.ts'

// Incidents of several CLBs: each CLB is diagnosed, and the causes are joined as those of a scan.

const alarm = { ...ALARM, listener: null, policy: { id: null, name: 'clb-health' } }

/** The diagnosis of every CLB of an account, each with an alarm of its own. */
export const diagnosedAll = (world: World): Promise<readonly InBoth[]> =>
  inMemory(world, { region: REGION }, async (context, signal) => {
    const all: InBoth[] = []
    for (const { id } of world.balancers) {
      const clb = { ...ALARM.clb, loadBalancerId: id }
      const trigger = { source: 'cloud-monitor', alarm: { ...alarm, clb } } as const
      const { diagnosis, snapshot } = await diagnose({ clb, region: REGION, trigger }, context, signal)
      if (!snapshot) throw new Error(`nothing was read of ${id}`)
      const { createdAt, stats } = diagnosis
      all.push(
        inBoth((language) =>
          diagnoseSnapshot(snapshot, {
            id: diagnosis.id,
            createdAt,
            stats,
            trigger,
            language,
            ...PLAIN_READER,
          }),
        ),
      )
    }
    return all
  })

/** The causes of some diagnoses, joined as those of a scan. */
export function causesOf(all: readonly Diagnosis[], language: Language): readonly ScanCause[] {
  const order = new Map(all.map(({ loadBalancer }, i) => [loadBalancer?.id ?? '', i]))
  const causes = all.flatMap((one) => causesIn(one, thingOf, language))
  return joinCauses(causes, order, { joined: joinedSummary }, language)
}

/** The message about one incident of all these CLBs. */
export function noticeOfAll(
  all: readonly InBoth[],
  language: Language,
  fields: Parameters<typeof noticeOf>[1] = {},
): IncidentNotice {
  const own = all.map((one) => one[language])
  const [lead] = own
  if (!lead) throw new Error('no diagnosis')
  const members = own.map((one) => memberOf(one, { requests: requestsTo(one) }))
  return noticeOf(lead, { members, causes: causesOf(own, language), ...fields })
}

/** Somebody let the probes of all but the last one in again. */
function recoveredFields(all: readonly InBoth[], language: Language): Parameters<typeof noticeOf>[1] {
  const ids = all.map(({ en }) => en.loadBalancer?.id ?? '')
  const change: Change = {
    at: '2026-11-19T23:58:00.000Z',
    event: 'CreateSecurityGroupPolicies',
    actor: 'li.wei',
    resource: { type: 'security-group', id: 'sg-shopweb1' },
  }
  return {
    news: ['recovered'],
    durationSeconds: 240,
    members: all.map((one) => memberOf(one[language], { attention: 'none', hasRecovered: true })),
    recovery: {
      repairs: [{ change, removesCause: true, loadBalancers: ids.slice(0, -1) }],
      unexplained: ids.slice(-1),
    },
    pages: PAGES,
  }
}

/** The diagnosis of a CLB that was not found. */
const nothingOf = (failure: LookupFailure, language: Language, clb = alarm.clb): Diagnosis =>
  diagnoseNothing(failure, clb, {
    id: 'dx-0000000000000001',
    createdAt: '2026-11-20T00:00:00.000Z',
    stats: { apiCalls: 1, retries: 0, durationMs: 100 },
    trigger: { source: 'cloud-monitor', alarm: { ...alarm, clb } },
    language,
    ...PLAIN_READER,
  })

/** The API did not let anybody read the CLB. */
const nothingRead = (language: Language): Diagnosis =>
  nothingOf(
    {
      kind: 'unreadable',
      failure: {
        action: 'clb:DescribeLoadBalancers',
        code: 'UnauthorizedOperation.CamNoAuth',
        problem: 'denied',
        message: 'you are not authorized',
      },
      region: REGION,
    },
    language,
  )

/** The message about the end of what does not exist. */
function notThere(
  language: Language,
  absent: Absence,
  { vip, name }: { readonly vip: string; readonly name: string },
): IncidentNotice {
  const failure = {
    kind: 'unknown-load-balancer',
    searched: `VIP ${vip}`,
    region: REGION,
    candidates: [],
  } as const
  const lead = nothingOf(failure, language, { ...alarm.clb, loadBalancerId: null, vip })
  const members = [memberOf(lead, { name, absent, hasRecovered: true, attention: 'none' })]
  return noticeOf(lead, { news: ['recovered'], durationSeconds: 1500, members, pages: PAGES })
}

/** What that look found, a quarter of an hour before this one. */
function lastOf({ findings, headline }: Diagnosis): LastReadable {
  const finding = findings.find(isCause)
  return {
    at: '2026-11-19T23:45:00.000Z',
    unreadSince: '2026-11-19T23:50:00.000Z',
    headline,
    ...(finding ? { cause: finding } : {}),
    ...(finding?.fix ? { fix: finding.fix.summary } : {}),
  }
}

type Both<M> = Readonly<Record<Language, M>>
const each = <M>(make: (language: Language) => M): Both<M> => ({ 'zh-CN': make('zh-CN'), en: make('en') })

/** The incidents of docs/gallery.md: one of forty CLBs, the later messages about one CLB, and a digest of three. */
export async function incidentExamples(changed: InBoth, mended: InBoth) {
  const all = await diagnosedAll(oneCause())
  const forty = each((language) => noticeOfAll(all, language, { pages: PAGES }))
  const joined = all.slice(28).map(({ en }) => en.loadBalancer?.id ?? '')
  const grown = each((language) => ({
    ...forty[language],
    news: ['another CLB'] as const,
    change: { dead: { before: 84, now: 120 }, joined, recovered: [] },
  }))
  const worse = each((language) =>
    noticeOf(changed[language], {
      news: ['worse'],
      change: { dead: { before: 2, now: 3 }, joined: [], recovered: [] },
      incident: { acknowledgedBy: 'zhangsan' },
      pages: PAGES,
    }),
  )
  const same = { dead: { before: 3, now: 3 }, joined: [], recovered: [] }
  const ids = [changed.en.loadBalancer?.id ?? '']
  const other = each((language) =>
    noticeOf(changed[language], { news: ['changed'], change: { ...same, cause: 'another' } }),
  )
  const disputed = each((language) =>
    noticeOf(
      { ...changed[language], trigger: { source: 'cloud-monitor', alarm: { ...alarm, state: 'resolved' } } },
      { news: ['changed'], change: { ...same, disputed: ids } },
    ),
  )
  const refired = each((language) =>
    noticeOf(changed[language], { news: ['changed'], change: { ...same, firing: ids } }),
  )
  const unread = each((language) =>
    noticeOf(nothingRead(language), {
      news: ['changed'],
      change: { ...same, unread: ids },
      members: [memberOf(nothingRead(language), { lastReadable: lastOf(changed[language]) })],
    }),
  )
  const readable = each((language) =>
    noticeOf(changed[language], { news: ['changed'], change: { ...same, readable: ids } }),
  )
  const someDisputed = each((language) => ({
    ...forty[language],
    news: ['changed'] as const,
    change: { dead: { before: 120, now: 120 }, joined: [], recovered: [], disputed: joined.slice(0, 2) },
  }))
  const reopened = each((language) =>
    noticeOf(changed[language], {
      news: ['reopened'],
      change: { dead: { before: 0, now: 3 }, joined: [], recovered: [] },
      incident: { reopened: 1 },
      pages: PAGES,
    }),
  )
  const recovered = each((language) =>
    noticeOf(mended[language], { news: ['recovered'], durationSeconds: 1500, pages: PAGES }),
  )
  const unseen = each((language) =>
    noticeOf(nothingRead(language), {
      news: ['recovered'],
      durationSeconds: 1500,
      members: [
        memberOf(nothingRead(language), { name: 'shop-front', hasRecovered: true, ending: 'unseen' }),
      ],
    }),
  )
  const unsaid = each((language) =>
    noticeOf(mended[language], {
      news: ['recovered'],
      durationSeconds: 1500,
      members: [memberOf(mended[language], { hasRecovered: true, ending: 'unsaid' })],
    }),
  )
  const gone = each((language) => notThere(language, 'gone', { vip: '203.0.113.26', name: 'shop-front' }))
  const noClb = each((language) => notThere(language, 'no CLB', { vip: '10.9.9.9', name: '10.9.9.9' }))
  const back = await diagnosedAll(worldOf(4))
  const restored = each((language) => noticeOfAll(back, language, recoveredFields(back, language)))
  const digest = each(
    (language): Digest => ({
      kind: 'digest',
      id: 'dg-0000000000000001',
      createdAt: '2026-11-20T00:00:00.000Z',
      language,
      why: 'away',
      since: '2026-11-19T23:20:00.000Z',
      notices: [forty[language], worse[language], recovered[language]],
    }),
  )
  return [
    ['incident: forty CLBs, one cause', forty],
    ['incident: twelve of them joined after the first message', grown],
    ['incident: one more backend is down, and somebody has it', worse],
    ['incident: its cause is another one', other],
    ['incident: its sender reports the recovery, and the backends are still down', disputed],
    ['incident: its sender fires again after that', refired],
    ['incident: it cannot be read now', unread],
    ['incident: it can be read again', readable],
    ['incident: the senders of two of forty CLBs report the recovery', someDisputed],
    ['incident: it fires again after its recovery', reopened],
    ['incident: it has recovered', recovered],
    ['incident: only its sender says that it is over', unseen],
    ['incident: it has recovered, and its sender never said so', unsaid],
    ['incident: its CLB was deleted, and its sender says that it is over', gone],
    ['incident: the address of an alarm is that of no CLB', noClb],
    ['incident: four CLBs have recovered, three of them because the cause was removed', restored],
    ['digest: three incidents of forty minutes', digest],
  ] as const
}
