import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { IncidentNotice, IncidentView, NoticeMember } from '../../src/model/incident.ts'
import type { Language } from '../../src/model/language.ts'
import { backendsIn } from '../../src/model/requests.ts'

// Messages about incidents, for tests of their renderings and for the gallery.

export const PAGES = {
  incident: 'https://clb.example.com/incidents/in-0000000000000001?sig=aaaa',
  acknowledge: 'https://clb.example.com/incidents/in-0000000000000001/acknowledge?sig=bbbb',
  silence: 'https://clb.example.com/incidents/in-0000000000000001/silence?sig=cccc',
} as const

export function memberOf(lead: Diagnosis, fields: Partial<NoticeMember> = {}): NoticeMember {
  const { loadBalancer, verdict, attention = 'none', headline, pools } = lead
  return {
    id: loadBalancer?.id ?? '',
    name: loadBalancer?.name ?? '',
    region: loadBalancer?.region ?? '',
    verdict,
    attention,
    headline,
    backends: {
      total: backendsIn(pools, ({ weight }) => weight > 0).size,
      dead: backendsIn(pools, ({ weight, status }) => weight > 0 && status === 'Dead').size,
    },
    hasRecovered: verdict === 'healthy' && attention === 'none',
    ...fields,
  }
}

interface Fields extends Omit<Partial<IncidentNotice>, 'incident'> {
  readonly incident?: Partial<IncidentView>
}

/** The message about an incident whose worst CLB has this diagnosis. */
export function noticeOf(
  lead: Diagnosis,
  { incident = {}, members = [memberOf(lead)], ...fields }: Fields = {},
): IncidentNotice {
  const language: Language = lead.language ?? 'zh-CN'
  return {
    kind: 'incident',
    id: 'no-0000000000000001',
    createdAt: lead.createdAt,
    language,
    news: ['first'],
    incident: {
      id: 'in-0000000000000001',
      state: 'open',
      attention: lead.attention ?? 'none',
      openedAt: '2026-11-19T23:55:00.000Z',
      updatedAt: lead.createdAt,
      recoveredAt: null,
      reopened: 0,
      cause: null,
      loadBalancers: members.map(({ id, name, region, verdict }) => ({ id, name, region, verdict })),
      deliveries: [],
      ...incident,
    },
    lead,
    members,
    causes: [],
    change: { dead: null, joined: [], recovered: [] },
    firings: 1,
    durationSeconds: null,
    pages: null,
    ...fields,
  }
}
