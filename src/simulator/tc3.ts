import { createHash, createHmac } from 'node:crypto'

export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

interface SignatureError {
  readonly code: string
  readonly message: string
}

const CLOCK_SECONDS = 300

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

/**
 * Verifies TC3-HMAC-SHA256 (https://www.tencentcloud.com/document/api/214/33225).
 * @returns the error that the platform would answer with, or null if the signature is good
 */
export function verify(
  { headers, body }: SignedRequest,
  account: { readonly secretId: string; readonly secretKey: string },
  nowMs: number,
): SignatureError | null {
  const parsed =
    /^TC3-HMAC-SHA256 Credential=([^/]+)\/(\d{4}-\d{2}-\d{2})\/([a-z0-9]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    )
  if (!parsed)
    return failure('AuthFailure.SignatureFailure', 'the Authorization header is missing or malformed')
  const [, secretId = '', date = '', service = '', signed = '', signature = ''] = parsed
  if (secretId !== account.secretId)
    return failure('AuthFailure.SecretIdNotFound', 'the SecretId is not found')
  const timestamp = Number(headers['x-tc-timestamp'])
  if (!Number.isInteger(timestamp) || Math.abs(nowMs / 1000 - timestamp) > CLOCK_SECONDS)
    return failure(
      'AuthFailure.SignatureExpire',
      'the signature has expired: the clock differs by more than 5 minutes',
    )
  if (new Date(timestamp * 1000).toISOString().slice(0, 10) !== date)
    return failure('AuthFailure.SignatureFailure', 'the date is not that of the timestamp')
  const host = hostOf(headers)
  if (host.split('.')[0] !== service)
    return failure('AuthFailure.SignatureFailure', 'the service is not that of the host')
  const names = signed.split(';')
  if (!names.includes('host') || !names.includes('content-type'))
    return failure('AuthFailure.SignatureFailure', 'content-type and host must be signed')
  const canonicalHeaders = names.map(
    (name) => `${name}:${name === 'host' ? host : (headers[name] ?? '').toLowerCase()}\n`,
  )
  const canonical = ['POST', '/', '', canonicalHeaders.join(''), signed, sha256(body)].join('\n')
  const toSign = ['TC3-HMAC-SHA256', timestamp, `${date}/${service}/tc3_request`, sha256(canonical)].join(
    '\n',
  )
  const key = hmac(hmac(hmac(`TC3${account.secretKey}`, date), service), 'tc3_request')
  return hmac(key, toSign).toString('hex') === signature
    ? null
    : failure('AuthFailure.SignatureFailure', 'the signature does not match')
}

export const hostOf = (headers: SignedRequest['headers']): string => (headers.host ?? '').replace(/:\d+$/, '')

const failure = (code: string, message: string): SignatureError => ({ code, message })
