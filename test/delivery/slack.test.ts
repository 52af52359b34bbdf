import { describe, expect, it } from 'vitest'
import { SLACK, startSlack } from '../support/receivers/slack.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'

const TOKEN = 'p1antedtoken5f2a'
const address = (scheme: string, host: string): string => `slack+${scheme}://${host}${SLACK.path}`

everyHttpReceiver({
  name: 'the Slack webhook',
  secrets: [TOKEN],
  address,
  standIn: startSlack,
  standInAddress: (url) => `slack+${url}`,
  accepts: { body: 'ok' },
  refuses: { status: 404, body: 'no_service' },
  later: { status: 429, headers: { 'retry-after': '1' }, body: 'rate_limited' },
  inside200: { body: 'no_service' },
  limit: { most: 1, afterMs: 1_000 },
  chat: {
    mentions: [
      ['U012AB3CD', 'U012AB3CD'],
      ['@here', 'here'],
      ['S0614TZR7', 'subteam^S0614TZR7'],
      ['zhang san', null],
    ],
    longest: 13_200,
    lengthOf: (body) => JSON.stringify(JSON.parse(body).blocks).length,
    grow: (body, text) => {
      const message = JSON.parse(body)
      const frame = JSON.stringify(sectionOf('')).length + 1
      const count = Math.ceil(text.length / 2_900)
      const room = text.length - count * frame
      for (let n = 0; n < count; n++)
        message.blocks.push(
          sectionOf(
            'x'.repeat(n === 0 ? room - (count - 1) * Math.floor(room / count) : Math.floor(room / count)),
          ),
        )
      return JSON.stringify(message)
    },
  },
})

function sectionOf(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } }
}

describe('the Slack webhook', () => {
  it.each([
    [400, 'invalid_payload', { kind: 'permanent', reason: 'HTTP 400: invalid_payload' }],
    [403, 'action_prohibited', { kind: 'permanent' }],
    [410, 'channel_is_archived', { kind: 'permanent' }],
    [400, `echo ${TOKEN}`, { kind: 'permanent', reason: 'HTTP 400' }],
    [500, 'rollup_error', { kind: 'retry' }],
    [200, 'ok', { kind: 'delivered' }],
  ])('reads the outcome from HTTP %i with %s', async (status, body, outcome) => {
    const nothing = { accepts() {}, refuses() {}, later() {} }
    const { port, close } = await httpReceiver((res) => res.writeHead(status).end(body), nothing)
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`))
    expect(await receiver.send(delivery(), AbortSignal.timeout(3_000))).toMatchObject(outcome)
    await close()
  })

  it('takes the address as the service shows it', () => {
    expect(receiverOf(`https://hooks.slack.com${SLACK.path}`).label).toBe('slack hooks.slack.com')
  })

  it.each(['https://hooks.slack.com/workflows/p1anted', 'slack+http://example.com/services/p1anted'])(
    'refuses %s with words that hold no secret',
    (wrong) => {
      expect(() => receiverOf(wrong)).toThrow(/services|https/)
      expect(() => receiverOf(wrong)).not.toThrow(/p1anted/)
    },
  )
})
