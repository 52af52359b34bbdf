import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { loadConfig } from '../../src/app/config.ts'
import { createContext } from '../../src/app/create.ts'
import { written } from '../../src/app/incidents/records.ts'
import { type Server, serve } from '../../src/http/serve.ts'
import type { Incident } from '../../src/incidents/index.ts'
import type { IncidentDetails, IncidentPage } from '../../src/model/incident.ts'
import { silentLog } from '../../src/model/log.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { type Stage, setStage } from '../e2e/support.ts'
import { errorsOfPage, expectDiagnosis } from '../support/schema.ts'

let stage: Stage
let server: Server
let context: ReturnType<typeof createContext>

beforeAll(async () => {
  const scenario = findScenario('sg-blocks-vip')
  if (!scenario) throw new Error('no scenario')
  stage = await setStage(scenario, 'en')
  context = createContext(loadConfig(stage.env), silentLog)
  server = await serve(context, { host: '127.0.0.1', port: 0 })
  const body = JSON.stringify(scenario.alarm())
  await fetch(at('/alarms'), { method: 'POST', body })
  await vi.waitFor(async () => expect((await pageAt('')).incidents).toHaveLength(1), 10_000)
})

afterAll(async () => {
  await server.stop()
  context.close()
  await stage.close()
})

const at = (path: string): string => `http://127.0.0.1:${server.address.port}${path}`
const pageAt = async (query: string): Promise<IncidentPage> =>
  (await (await fetch(at(`/v1/incidents${query}`))).json()) as IncidentPage

it('lists the incident of an alarm, and shows it with its timeline and diagnosis', async () => {
  const page = await pageAt('?open=true')
  expect(errorsOfPage(page)).toEqual([])
  expect(page).toMatchObject({ incidents: [{ loadBalancers: [{ id: 'lb-7dpmqwcu' }] }], next: null })
  const reply = await fetch(at(`/v1/incidents/${page.incidents[0]?.id}`))
  const details = (await reply.json()) as IncidentDetails
  expect(errorsOfPage({ incidents: [details], next: null })).toEqual([])
  expect(details.timeline?.[0]).toMatchObject({ event: 'opened' })
  expect(details.diagnoses).toHaveLength(1)
  expectDiagnosis(details.diagnoses?.[0])
})

it('pages through incidents, the newest first, and leaves out closed ones if it is asked for open ones', async () => {
  const [first] = await context.store.list('incidents', { limit: 1 })
  if (!first) throw new Error('no incident')
  const one = JSON.parse(first.value) as Incident
  const old = [1, 2, 3].map(
    (n): Incident => ({ ...one, id: `in-${n}`, state: 'closed', openedAt: n, closedAt: n }),
  )
  await context.store.write({ put: old.map((each) => written('incidents', each.id, each, each.openedAt)) })
  const newest = await pageAt('?limit=2')
  expect(newest).toMatchObject({ incidents: [{ id: one.id }, { id: 'in-3' }], next: 'in-3' })
  const next = await pageAt(`?limit=2&before=${newest.next}`)
  expect(next).toMatchObject({ incidents: [{ id: 'in-2' }, { id: 'in-1' }], next: null })
  expect((await pageAt('?open=true')).incidents.map(({ id }) => id)).toEqual([one.id])
})

it.each([
  ['?limit=0', 400, 'limit'],
  ['?limit=201', 400, 'limit'],
  ['?limit=1&limit=2', 400, 'limit'],
  ['?open=yes', 400, 'open'],
  ['?before=in-unknown', 400, 'before'],
  ['?offset=1', 400, 'offset'],
  ['/in-unknown', 404, 'in-unknown'],
])('names what is wrong with %s', async (query, status, name) => {
  const reply = await fetch(at(`/v1/incidents${query}`))
  expect([reply.status, reply.headers.get('content-type')]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ])
  expect(((await reply.json()) as { detail: string }).detail).toContain(name)
})
