import type { GuestCheck } from '../../src/guest/index.ts'

/** `GET /` over HTTP to 10.0.1.16:80, any code from 1xx to 4xx, 5 s. */
export const guestCheck = (changes: Partial<GuestCheck> = {}): GuestCheck => ({
  kind: 'http',
  ip: '10.0.1.16',
  port: 80,
  method: 'GET',
  host: null,
  path: '/',
  httpVersion: null,
  httpCodes: 15,
  extendedCode: null,
  sendHex: null,
  receiveHex: null,
  timeoutSeconds: 5,
  intervalSeconds: null,
  ...changes,
})
