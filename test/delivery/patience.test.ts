import http from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deferred } from '../support/deferred.ts'
import { delivery } from './contract.ts'
import { receiverOf } from './http-contract.ts'

// A service that works before it answers. The timers of the requests are moved by the test; the sockets are real.

const BUG = JSON.stringify({ status: 1, data: { Bug: { id: '7', status: 'new' } }, info: 'success' })

const PATIENT = [
  ['a webhook', 'webhook+http://HOST/hook', 200, ''],
  ['an Alertmanager', 'alertmanager+http://HOST/', 200, ''],
  ['Jira', 'jira+http://ops%40example.com:t0ken@HOST/?project=OPS', 201, '{"id":"1","key":"OPS-1"}'],
  ['GitHub', 'github+http://t0ken@HOST/repos/shop/ops', 201, '{"number":1}'],
  ['TAPD', 'tapd+http://user:t0ken@HOST/?workspace=1', 200, BUG],
] as const

let server: http.Server
let host: string
let arrived: Promise<http.ServerResponse>

beforeEach(async () => {
  const first = deferred<http.ServerResponse>()
  arrived = first.promise
  server = http.createServer((request, response) => {
    request.resume().once('end', () => first.resolve(response))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  host = `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const sentTo = (address: string) =>
  receiverOf(address.replace('HOST', host)).send(delivery(), new AbortController().signal)

describe.each(PATIENT)('%s', (_, address, status, body) => {
  it.each([9, 19])('that answers after %i s has the message', async (seconds) => {
    const sent = sentTo(address)
    const response = await arrived
    await vi.advanceTimersByTimeAsync(seconds * 1_000)
    response.writeHead(status).end(body)
    expect(await sent).toMatchObject({ kind: 'delivered' })
  })

  it('that has not answered after 20 s may have it', async () => {
    const sent = sentTo(address)
    await arrived
    await vi.advanceTimersByTimeAsync(20_001)
    expect(await sent).toEqual({ kind: 'unknown', reason: 'no answer in time' })
  })
})

describe('a chat', () => {
  it('that has not answered after 8 s may have it: its services answer at once', async () => {
    const sent = sentTo('dingtalk+http://HOST/robot/send?access_token=5f2a')
    await arrived
    await vi.advanceTimersByTimeAsync(8_001)
    expect(await sent).toEqual({ kind: 'unknown', reason: 'no answer in time' })
  })
})
