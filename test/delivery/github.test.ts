import { describe, expect, it } from 'vitest'
import { reportOf } from '../../src/render/index.ts'
import { printGithub } from '../../src/render/printers/github.ts'
import { PLANTED } from '../support/planted.ts'
import { GITHUB, startGithub } from '../support/receivers/github.ts'
import { linksIn } from '../support/receivers/stand-in.ts'
import { delivery } from './contract.ts'
import { everyHttpReceiver, hostile, receiverOf } from './http-contract.ts'
import { httpReceiver } from './http-rig.ts'
import { everyTicketReceiver } from './ticket-contract.ts'

const address = (scheme: string, host: string): string =>
  `github+${scheme}://${GITHUB.token}@${host}${GITHUB.path}`
const standInAddress = (url: string): string => `github+${url.replace('://', `://${GITHUB.token}@`)}`

everyHttpReceiver({
  name: 'GitHub issues',
  secrets: [GITHUB.token],
  address,
  standIn: startGithub,
  standInAddress,
  accepts: { status: 201, body: JSON.stringify({ number: 1 }) },
  refuses: { status: 401, body: '{}' },
  later: { status: 403, headers: { 'retry-after': '60' }, body: '{}' },
  inside200: null,
  limit: { most: 80, afterMs: 60_000 },
  chat: null,
})

const subject = {
  name: 'GitHub issues',
  standIn: startGithub,
  standInAddress,
  statuses: { done: 'closed', open: 'open' },
  linksIn: (text: string) => linksIn(text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '')),
}
everyTicketReceiver(subject)

describe('GitHub issues', () => {
  const nothing = { accepts() {}, refuses() {}, later() {} }
  async function outcomeAfter(status: number, body: unknown, headers: Record<string, string> = {}) {
    const { port, close } = await httpReceiver(
      (res) => res.writeHead(status, headers).end(JSON.stringify(body)),
      nothing,
    )
    const receiver = receiverOf(address('http', `127.0.0.1:${port}`), () => 1_000_000)
    const outcome = await receiver.send(delivery(), AbortSignal.timeout(3_000))
    await close()
    return outcome
  }

  it.each([
    [401, {}, 'permanent', /HTTP 401: the token/],
    [403, {}, 'permanent', /HTTP 403: .*Issues: read and write/],
    [404, { message: 'Not Found' }, 'permanent', /HTTP 404: .*repository/],
    [404, {}, 'permanent', /HTTP 404: what answers there is not the API of GitHub; check/],
    [410, {}, 'permanent', /HTTP 410: issues are switched off/],
    [422, { errors: [{ field: 'labels' }, { field: PLANTED }] }, 'permanent', /fields labels$/],
    [201, {}, 'unknown', /does not say/],
    [200, { number: '1' }, 'unknown', /does not say/],
  ])(
    'reads the outcome from HTTP %i with %j, and says what to change',
    async (status, body, kind, reason) => {
      const outcome = await outcomeAfter(status, body)
      expect(outcome).toMatchObject({ kind, reason: expect.stringMatching(reason) })
      expect(JSON.stringify(outcome)).not.toContain(PLANTED)
    },
  )

  it('waits for the end of the hour if its calls are used up', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1600' }
    expect(await outcomeAfter(403, {}, headers)).toMatchObject({ kind: 'retry', afterMs: 600_000 })
  })

  it.each(['@octocat', 'shop/ops#12', 'GH-12', '#1', 'x @org/team', '$x$', '<!-- x -->'])(
    'shows %s as text',
    async (name) => {
      const text = printGithub(await reportOf(hostile(name)), { extent: 'whole' })
      expect(text).not.toContain(name)
    },
  )

  it.each([
    'github+https://api.github.com/repos/shop/ops',
    `github+https://${GITHUB.token}@api.github.com/shop/ops`,
    `github+https://${GITHUB.token}@api.github.com/repos/shop`,
    `github+https://me:${GITHUB.token}@api.github.com/repos/shop/ops`,
    `github+http://${GITHUB.token}@api.github.com/repos/shop/ops`,
  ])('refuses an address with words that say what to write, and hold no secret', (wrong) => {
    expect(() => receiverOf(wrong)).toThrow(/github\+https|use https/)
    expect(() => receiverOf(wrong)).not.toThrow(new RegExp(GITHUB.token))
  })
})
