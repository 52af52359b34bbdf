import { type ClbRecord, type DiagnosisRecord, written } from '../../src/app/incidents/records.ts'
import type { Incident, Part } from '../../src/incidents/index.ts'
import type { Put } from '../../src/store/index.ts'

// Incidents as they are kept, for tests of what happens to them later.

export function partOf(id: string, diagnosis: string, at: number): Part {
  return {
    id,
    isFound: true,
    names: [id],
    name: `name of ${id}`,
    region: 'ap-guangzhou',
    verdict: 'degraded',
    attention: 'act-soon',
    headline: 'health check failing for 2 of 5 backends',
    cause: null,
    backends: { total: 5, dead: 2 },
    deadTargets: 2,
    emptyPools: [],
    isFiring: true,
    firings: 1,
    isFlapping: false,
    firstOccurredAt: at,
    recoveredAt: null,
    diagnosis,
    joinedAt: at,
    lookedAt: at,
    heardAt: at,
    wellAt: null,
    alarmed: 'dg-1',
    doubts: 0,
  }
}

export const incidentOf = (id: string, openedAt: number, fields: Partial<Incident> = {}): Incident => ({
  id,
  state: fields.closedAt ? 'closed' : 'open',
  openedAt,
  updatedAt: openedAt,
  recoveredAt: fields.closedAt ?? null,
  closedAt: null,
  reopened: 0,
  joinedAt: openedAt,
  cause: { code: 'security-group/probe-blocked', resource: 'sg-a1b2c3d4', rule: null },
  parts: [partOf(`lb-${id}`, `dx-${id}`, openedAt)],
  told: null,
  toldBefore: null,
  tellings: 1,
  gathersAt: null,
  flapTold: false,
  due: null,
  acknowledged: null,
  silenced: null,
  mergedInto: null,
  deliveries: [
    { receiver: 'wecom-1', reason: 'first', outcome: 'delivered', at: new Date(openedAt).toISOString() },
    {
      receiver: 'smtp-2',
      reason: 'first',
      outcome: 'dropped',
      at: new Date(openedAt).toISOString(),
      why: 'it was away for a day',
    },
  ],
  timeline: [{ at: new Date(openedAt).toISOString(), event: 'opened', loadBalancer: `lb-${id}` }],
  ...fields,
})

const NO_DIAGNOSIS: DiagnosisRecord = { byLanguage: {}, causes: {} }

/** Everything that is kept of an incident, by the collections of the store. */
export function recordsOf(incident: Incident): readonly Put[] {
  const { id, openedAt, closedAt, parts } = incident
  const clb: ClbRecord = { incident: id, sightings: [] }
  return [
    written('incidents', id, incident, openedAt),
    ...(closedAt === null ? [written('wake', id, null, openedAt)] : [written('closed', id, null, closedAt)]),
    ...parts.flatMap((part) => [
      written('clbs', part.id, clb, openedAt),
      written('diagnoses', part.diagnosis, NO_DIAGNOSIS, openedAt),
    ]),
    written('causes', `cause of ${id}`, { incident: id }, openedAt),
    written('subjects', id, { subject: 'a subject' }, openedAt),
    written('references', `wecom-1 ${id}`, { reference: 'r' }, openedAt),
  ]
}
