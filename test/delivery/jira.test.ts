import { describe, expect, it } from 'vitest'
import { parseReceiverAddresses } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import { NO_PROXIES } from '../../src/net/index.ts'
import { PLANTED } from '../support/planted.ts'
import { JIRA, startJira } from '../support/receivers/jira.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'
import { about, everyTicketReceiver, referenceOf, withTickets } from './ticket-contract.ts'

const LOGIN = `${encodeURIComponent(JIRA.user)}:${JIRA.token}`
const address = (scheme: string, host: string, more = ''): string =>
  `jira+${scheme}://${LOGIN}@${host}/?project=${JIRA.project}${more}`
const standInAddress = (url: string, more = ''): string => `jira+${url.replace('://', `://${LOGIN}@`)}${more}`

everyHttpReceiver({
  name: 'Jira',
  secrets: [JIRA.token, Buffer.from(`${JIRA.user}:${JIRA.token}`).toString('base64')],
  address,
  standIn: startJira,
  standInAddress,
  accepts: { status: 201, body: JSON.stringify({ id: '10001', key: 'OPS-1' }) },
  refuses: { status: 401, body: '{}' },
  later: { status: 429, headers: { 'retry-after': '1' }, body: '{}' },
  inside200: null,
  limit: { most: 100, afterMs: 1_000 },
  chat: null,
})

const subject = {
  name: 'Jira',
  standIn: startJira,
  standInAddress,
  statuses: { done: 'Done', open: 'To Do' },
  // A text of ADF is only text: the marks of the stand-in show what is a link.
  linksIn: (text: string) => [...text.matchAll(/⟧\((https?:[^)\s]*)\)/g)].map(([, url = '']) => url),
}
everyTicketReceiver(subject)

describe('Jira', () => {
  const nothing = { accepts() {}, refuses() {}, later() {} }
  /** What follows an answer to the first request. */
  async function after(status: number, body: unknown, more = '') {
    const { port, close } = await httpReceiver(
      (res) => res.writeHead(status).end(JSON.stringify(body)),
      nothing,
    )
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`, more))
    const outcome = await receiver.send(delivery(), AbortSignal.timeout(3_000))
    await close()
    return outcome
  }

  it.each([
    [401, {}, 'permanent', /HTTP 401: check the user .* API token/],
    [403, {}, 'permanent', /HTTP 403: .*permissions/],
    [404, { errorMessages: ['x'] }, 'permanent', /HTTP 404: there is no project OPS/],
    [404, {}, 'permanent', /HTTP 404: what answers there is not the API v3 of Jira; check/],
    [
      400,
      { errors: { customfield_10010: 'x', priority: 'y', [PLANTED]: 'z' } },
      'permanent',
      /customfield_10010, priority;/,
    ],
    [400, { errors: {} }, 'permanent', /issue type "Task"/],
    [201, { id: '10001' }, 'unknown', /does not say/],
    [200, {}, 'unknown', /does not say/],
    [201, { key: `../${PLANTED}` }, 'unknown', /does not say/],
  ])(
    'reads the outcome from HTTP %i with %j, and says what to change',
    async (status, body, kind, reason) => {
      const outcome = await after(status, body)
      expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) })
      expect(JSON.stringify(outcome)).not.toContain(PLANTED)
    },
  )

  it.each([
    ['the name of a transition', '&done=Resolve&reopen=Back%20to%20the%20list'],
    ['the name of a status', '&done=done&reopen=to%20do'],
    ['the categories of the statuses', ''],
  ])('moves the ticket by %s', (_, more) =>
    withTickets(
      subject,
      async ({ service, send }) => {
        const reference = referenceOf(await send(about(['first'])))
        const over = about(['recovered'], { state: 'recovered' })
        expect(await send(over, { reference })).not.toHaveProperty('reason')
        expect(service.tickets).toMatchObject([{ status: 'Done' }])
        expect(await send(about(['reopened']), { reference })).not.toHaveProperty('reason')
        expect(service.tickets).toMatchObject([{ status: 'To Do' }])
      },
      more,
    ),
  )

  it('names the transitions that exist if no one has the name in the address, and comments', () =>
    withTickets(
      subject,
      async ({ service, send }) => {
        const reference = referenceOf(await send(about(['first'])))
        const outcome = await send(about(['recovered'], { state: 'recovered' }), { reference })
        expect(outcome).toMatchObject({
          kind: 'delivered',
          reference,
          reason:
            'no transition of OPS-1 has the name in the address; there are "Start work", "Resolve"; write one as done=… in the address',
        })
        expect(service.tickets).toMatchObject([{ status: 'To Do', comments: [expect.any(String)] }])
      },
      '&done=Erledigt',
    ))

  it('makes an issue of the type of the address, and says what to change if it is missing', () =>
    withTickets(
      subject,
      async ({ service, send }) => {
        expect(await send(about(['first']))).toMatchObject({
          kind: 'permanent',
          reason: expect.stringMatching(/fields issuetype; .*"Incident" exists in OPS/),
        })
        expect(service.tickets).toEqual([])
      },
      '&type=Incident',
    ))

  it.each([
    `jira+https://site.atlassian.net/?project=OPS`,
    `jira+https://${LOGIN}@site.atlassian.net/`,
    `jira+https://${LOGIN}@site.atlassian.net/?project=O%22PS`,
    `jira+https://${JIRA.token}@site.atlassian.net/?project=OPS`,
    `jira+http://${LOGIN}@site.atlassian.net/?project=OPS`,
  ])('refuses an address with words that say what to write, and hold no secret', (wrong) => {
    expect(() => receiverOf(wrong)).toThrow(/jira\+https|user and password|use https/)
    expect(() => receiverOf(wrong)).not.toThrow(new RegExp(JIRA.token))
  })

  it('does not go to an inner address without permission', async () => {
    const [parsed] = parseReceiverAddresses(`jira+https://${LOGIN}@169.254.0.23/?project=OPS`)
    const receiver = parsed?.connect({ post: createPost(NO_PROXIES), now: Date.now })
    const outcome = await receiver?.send(delivery(), AbortSignal.timeout(3_000))
    expect(outcome).toMatchObject({ kind: 'permanent', reason: expect.stringContaining('allowPrivate') })
  })
})

/** The stand-in refuses what Jira refuses. */
describe('the stand-in of Jira', () => {
  const doc = (text: string) => ({
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  })
  const fieldsWith = (more: object) => ({
    fields: {
      project: { key: 'OPS' },
      issuetype: { name: 'Task' },
      summary: 'x',
      description: doc('x'),
      labels: ['a'],
      ...more,
    },
  })

  it.each([
    ['POST', 'search', {}, 410],
    ['POST', 'issue', fieldsWith({}), 201],
    ['POST', 'issue', fieldsWith({ labels: ['a b'] }), 400],
    ['POST', 'issue', fieldsWith({ description: 'text' }), 400],
    ['POST', 'issue', fieldsWith({ description: doc('') }), 400],
    ['POST', 'issue', fieldsWith({ description: doc('x'.repeat(32_768)) }), 400],
    ['POST', 'issue', fieldsWith({ summary: 'x'.repeat(256) }), 400],
    ['POST', 'issue', fieldsWith({ project: { key: 'NO' } }), 404],
    ['GET', 'issue/OPS-9', undefined, 404],
  ])('answers %s %s %# with HTTP', async (method, path, body, status) => {
    const service = await startJira()
    const authorization = `Basic ${Buffer.from(`${JIRA.user}:${JIRA.token}`).toString('base64')}`
    const answer = await fetch(`${new URL(service.url).origin}/rest/api/3/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    expect(answer.status).toBe(status)
    await service.close()
  })
})
