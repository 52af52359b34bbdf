import { describe, expect, it } from 'vitest'
import { createLanes } from '../../src/delivery/index.ts'
import { connected } from '../../src/delivery/lanes/shared.ts'
import type { Window } from '../../src/delivery/receiver.ts'
import { parseReceiverAddresses } from '../../src/delivery/receivers.ts'
import { silentLog } from '../../src/model/log.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { createMemoryStore } from '../../src/store/index.ts'
import { steppingClock } from '../cloud/clocks.ts'
import { blocked } from './diagnoses.ts'
import { httpReceiver } from './http-rig.ts'

// A limit that belongs to a login is one limit, however many receivers have the login.

const windowsOf = (addresses: readonly string[]): readonly (readonly Window[])[] =>
  connected(
    parseReceiverAddresses(addresses.join(' ')).map((address, i) => ({ name: `r-${i}`, address })),
    { now: () => 0, post: () => Promise.reject(new Error('not called')) },
  ).map(({ receiver }) => receiver.windows ?? [])

/** A day of it. */
const per = ({ most, perMs }: Window): number => Math.floor((most * 86_400_000) / perMs)

const tapd = (login: string, workspace: number): string =>
  `tapd+https://${login}@api.tapd.cn/?workspace=${workspace}`
const github = (token: string, repository: string): string =>
  `github+https://${token}@api.github.com/repos/shop/${repository}`
const jira = (login: string, project: string, site = 'shop'): string =>
  `jira+https://${login}@${site}.atlassian.net/?project=${project}`
const app = (agent: number, to: string): string =>
  `wecomapp+https://corp:s@qyapi.weixin.qq.com/?agent=${agent}&to=${to}`

describe('receivers of one limit send together no more than one of them alone', () => {
  it.each([
    ['two workspaces of TAPD with one login', [tapd('u:p', 1), tapd('u:p', 2)]],
    ['the same after one password was changed', [tapd('u:p', 1), tapd('u:other', 2)]],
    ['twenty workspaces of TAPD', Array.from({ length: 20 }, (_, i) => tapd('u:p', i))],
    ['two repositories with one token', [github('t', 'ops'), github('t', 'dev')]],
    ['two projects of Jira with one login', [jira('u:t', 'OPS'), jira('u:t', 'DEV')]],
    ['two types of issue in one project', [jira('u:t', 'OPS'), `${jira('u:t', 'OPS')}&type=Bug`]],
    ['nine projects of Jira with one login', Array.from({ length: 9 }, (_, i) => jira('u:t', `P${i}`))],
    ['one WeCom application for several people', [app(1, 'li'), app(1, 'li|wang'), app(1, 'zhao')]],
  ])('%s', (_, addresses) => {
    const alone = windowsOf(addresses.slice(0, 1)).flat()
    const together = windowsOf(addresses)
    expect(alone.length).toBeGreaterThan(0)
    for (const [i, window] of alone.entries()) {
      const parts = together.map((windows) => windows[i] ?? window)
      expect(parts.reduce((sum, part) => sum + per(part), 0)).toBeLessThanOrEqual(per(window))
      for (const { most, perMs } of parts) expect([most >= 1, perMs >= window.perMs]).toEqual([true, true])
    }
  })
})

describe('receivers of different limits have all of their own', () => {
  it.each([
    ['two logins of TAPD', [tapd('u:p', 1), tapd('v:p', 2)]],
    ['two tokens of GitHub', [github('t', 'ops'), github('o', 'dev')]],
    ['two sites of Jira', [jira('u:t', 'OPS'), jira('u:t', 'OPS', 'other')]],
    ['two WeCom applications', [app(1, 'li'), app(2, 'li')]],
    [
      'two group bots',
      [
        'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a',
        'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=b',
      ],
    ],
  ])('%s', (_, addresses) => {
    expect(windowsOf(addresses)).toEqual(addresses.flatMap((address) => windowsOf([address])))
  })
})

/** So many tickets of 20 for each of these logins are made in one minute, each login with a workspace of its own. */
async function madeBy(logins: readonly string[]): Promise<number> {
  const clock = steppingClock()
  const store = createMemoryStore({ clock })
  const body = JSON.stringify({ status: 1, data: { Bug: { id: '1110158231000000001' } }, info: 'success' })
  const nothing = { accepts() {}, refuses() {}, later() {} }
  const service = await httpReceiver((res) => res.end(body), nothing)
  const names = logins.map((_, i) => `tapd-${i}`)
  const now = clock.now()
  const telling = {
    news: ['first'],
    rank: 0,
    takenAt: now,
    deadline: now + 180_000,
    attempts: 0,
    unknowns: 0,
  }
  const put = names.flatMap((name) =>
    Array.from({ length: 20 }, (_, i) => ({
      collection: `outbox:${name}`,
      id: `in-${i}`,
      value: JSON.stringify({ ...telling, about: `in-${i}`, state: 'waiting' }),
      at: now,
    })),
  )
  await store.write({ put })
  const lanes = createLanes({
    receivers: parseReceiverAddresses(
      logins.map((login, i) => `tapd+http://${login}@127.0.0.1:${service.port}/?workspace=${i}`).join(' '),
    ).map((address, i) => ({ name: names[i] ?? '', address })),
    proxies: NO_PROXIES,
    store,
    clock,
    log: silentLog,
    holder: 'test',
    random: () => 0,
    attemptMs: 3_000,
    isOwn: async () => true,
    compose: async (groups) => ({
      composed: { message: blocked(), mentions: [], threadId: 'x', reference: null, subject: null },
      tells: groups,
      over: [],
      waits: [],
    }),
    settle: async (change) => void (await store.write(change)),
  })
  const reports = await lanes.runUntil(now + 30_000)
  await service.close()
  return reports.filter(({ outcome }) => outcome === 'delivered').length
}

it('the lanes of one login send together what one of them may send alone', async () => {
  const alone = await madeBy(['u:p'])
  expect(alone).toBeGreaterThan(1)
  expect(await madeBy(['u:p', 'u:p'])).toBe(alone)
  expect(await madeBy(['u:p', 'v:p'])).toBe(2 * alone)
})
