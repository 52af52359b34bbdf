import { describe, expect, it } from 'vitest'
import { startTapd, TAPD } from '../support/receivers/tapd.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'
import { about, everyTicketReceiver, referenceOf, withTickets } from './ticket-contract.ts'

const LOGIN = `${TAPD.user}:${TAPD.password}`
const address = (scheme: string, host: string, more = ''): string =>
  `tapd+${scheme}://${LOGIN}@${host}/?workspace=${TAPD.workspace}${more}`
const standInAddress = (url: string, more = ''): string => `tapd+${url.replace('://', `://${LOGIN}@`)}${more}`

everyHttpReceiver({
  name: 'TAPD',
  secrets: [TAPD.password, Buffer.from(LOGIN).toString('base64')],
  address,
  standIn: startTapd,
  standInAddress,
  accepts: {
    body: JSON.stringify({ status: 1, data: { Bug: { id: '1110158231000000001' } }, info: 'success' }),
  },
  refuses: { status: 422, body: '{}' },
  later: { status: 429, body: '{}' },
  inside200: { body: JSON.stringify({ status: 422, data: [], info: 'x' }) },
  limit: null,
  chat: null,
})

const subject = {
  name: 'TAPD',
  standIn: startTapd,
  standInAddress,
  statuses: { done: 'closed', open: 'reopened' },
  linksIn: (html: string) => [
    ...[...html.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url),
    ...(html.match(/<(?!\/?(h[1-4]|p|pre|strong|blockquote|a)\b)[a-z!][^>]*>/gi) ?? []),
  ],
}
everyTicketReceiver(subject)

describe('TAPD', () => {
  const nothing = { accepts() {}, refuses() {}, later() {} }
  async function outcomeAfter(status: number, body: unknown) {
    const { port, close } = await httpReceiver(
      (res) => res.writeHead(status).end(JSON.stringify(body)),
      nothing,
    )
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`))
    const outcome = await receiver.send(delivery(), AbortSignal.timeout(3_000))
    await close()
    return outcome
  }

  it.each([
    [401, 'permanent', /HTTP 401: check the API user/],
    [403, 'permanent', /HTTP 403: .*workspace 10158231/],
    [404, 'permanent', /HTTP 404: there is no workspace 10158231/],
    [422, 'permanent', /HTTP 422: TAPD refuses a field/],
    [500, 'retry', /HTTP 500/],
    [502, 'retry', /HTTP 502/],
  ])('reads the outcome from HTTP %i, and says what to change', async (status, kind, reason) => {
    expect(await outcomeAfter(status, { status, data: [], info: 'x' })).toMatchObject({
      kind,
      reason: expect.stringMatching(reason),
    })
  })

  it('says of a 404 in another form that the API is not there', async () => {
    expect(await outcomeAfter(404, {})).toMatchObject({
      kind: 'permanent',
      reason: 'HTTP 404: what answers there is not the API of TAPD; check host and path of the address',
    })
  })

  it('keeps its requests below 60 a minute, whatever a message needs', () =>
    withTickets(subject, async ({ receiver, requests, send }) => {
      const [window] = receiver.windows ?? []
      const reference = referenceOf(await send(about(['first'])))
      const before = requests.length
      await send(about(['recovered'], { state: 'recovered' }), { reference })
      expect(window?.perMs).toBe(60_000)
      expect((window?.most ?? 60) * (requests.length - before)).toBeLessThan(60)
    }))

  it('goes to the status of the address, and says what to change if the workflow does not', () =>
    withTickets(
      subject,
      async ({ service, send }) => {
        const reference = referenceOf(await send(about(['first'])))
        expect(await send(about(['recovered'], { state: 'recovered' }), { reference })).toMatchObject({
          kind: 'delivered',
          reference,
          reason: expect.stringMatching(/does not go from "new" to the status of the address; .*done=…/),
        })
        expect(service.tickets).toMatchObject([{ status: 'new', comments: [expect.any(String)] }])
      },
      '&done=verified',
    ))

  it.each([
    'tapd+https://api.tapd.cn/?workspace=123',
    `tapd+https://${LOGIN}@api.tapd.cn/`,
    `tapd+https://${LOGIN}@api.tapd.cn/?workspace=x`,
    `tapd+http://${LOGIN}@api.tapd.cn/?workspace=123`,
  ])('refuses an address with words that say what to write, and hold no secret', (wrong) => {
    expect(() => receiverOf(wrong)).toThrow(/tapd\+https|use https/)
    expect(() => receiverOf(wrong)).not.toThrow(new RegExp(TAPD.password))
  })
})
