import type { IncomingMessage } from 'node:http'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { address, isObject, parseSentJson, text } from '../model/untrusted.ts'
import { type AwsHttpEvent, isSendable, isSoundVersion1, isSoundVersion2 } from './aws-event.ts'

export type PlatformEvent =
  | { readonly kind: 'http'; readonly event: AwsHttpEvent }
  | { readonly kind: 'payload'; readonly payload: unknown }

type JsonObject = Readonly<Record<string, unknown>>

const objectAt = (parent: JsonObject, key: string): JsonObject => {
  const value = Object.hasOwn(parent, key) ? parent[key] : undefined
  return isObject(value) ? value : {}
}

/** A flag as a boolean or as text. An object may have fields that keep `String` from working. */
const isTrue = (flag: unknown): boolean => flag === true || (typeof flag === 'string' && /^true$/i.test(flag))

/** Stands for a body that JSON cannot hold, for example one nested too deeply. Later steps refuse it as not JSON. */
const UNREADABLE = '[unreadable body]'

function bodyText(body: unknown): string {
  if (typeof body === 'string') return body
  if (body === null || body === undefined) return ''
  try {
    return JSON.stringify(body) ?? UNREADABLE
  } catch {
    return UNREADABLE
  }
}

/**
 * Lower-cases header names and joins repeated values with commas, as HTTP does. Values that no header can hold are left
 * out.
 */
function headersOf(...sources: readonly JsonObject[]): Record<string, string> {
  const headers: [string, string][] = []
  for (const [name, value] of sources.flatMap((source) => Object.entries(source))) {
    const values = (Array.isArray(value) ? value : [value]).flatMap((item: unknown) =>
      typeof item === 'boolean' ? String(item) : (text(item, 65_536) ?? []),
    )
    const joined = values.join(', ')
    const sendable = joined !== '' && isSendable(name, joined)
    // These describe the body before the platform wrapped it.
    if (sendable && !/^(?:content-length|transfer-encoding)$/i.test(name))
      headers.push([name.toLowerCase(), joined])
  }
  return Object.fromEntries(headers)
}

/** Keeps the order of keys. `true` stands for a key without a value. */
function queryOf(...sources: readonly JsonObject[]): string {
  const pairs = sources.flatMap((source) =>
    Object.entries(source).flatMap(([key, value]) =>
      (Array.isArray(value) ? value : [value]).flatMap((item: unknown): [string, string][] => {
        if (item === true || item === null) return [[key, '']]
        const written = typeof item === 'string' || item === false ? String(item) : text(item)
        return written === null ? [] : [[key, written]]
      }),
    ),
  )
  return new URLSearchParams(pairs).toString()
}

/** A path with one `/` at the start and only printable ASCII. */
function pathOf(value: unknown): string {
  const path = typeof value === 'string' ? value.replace(/^\/*/, '/') : '/'
  const escaped = (part: string): string =>
    [...Buffer.from(part)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
  return path.replace(/[^\x21-\x7e]+/g, escaped)
}

/** Nothing here depends on the host. One that makes no URL would lose the alarm. */
const HOST = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i

/**
 * Converts SCF's function-URL event (cloud.tencent.com/document/product/583/96099) or API Gateway event to an API
 * Gateway version 2 event. serverless-http reads neither `queryString` nor SCF's client address. Only version 2 carries
 * the query as text, which keeps the order of repeated keys.
 */
function normalised(event: JsonObject, method: string): APIGatewayProxyEventV2 {
  const platformContext = objectAt(event, 'requestContext')
  const given = headersOf(objectAt(event, 'headerParameters'), objectAt(event, 'headers'))
  const headers = { ...given, host: HOST.exec(given.host ?? '')?.[0] ?? 'localhost' }
  const path = pathOf(event.path ?? event.rawPath ?? platformContext.path)
  // Behind API Gateway a caller can send this header, too. So only the context counts there.
  const client = isObject(event.requestContext) ? platformContext.sourceIp : given['x-scf-remote-addr']
  const named = objectAt(event, 'queryString')
  const declared = Object.fromEntries(
    Object.entries(objectAt(event, 'queryStringParameters')).filter(([key]) => !Object.hasOwn(named, key)),
  )
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString:
      queryOf(named, declared) || new URLSearchParams(text(event.rawQueryString, 65_536) ?? '').toString(),
    headers,
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: headers.host,
      domainPrefix: '',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: address(client) ?? '',
        userAgent: given['user-agent'] ?? '',
      },
      requestId: text(platformContext.requestId) ?? text(given['x-scf-request-id']) ?? '',
      routeKey: '$default',
      stage: text(platformContext.stage) ?? '$default',
      time: '',
      timeEpoch: 0,
    },
    body: bodyText(event.body),
    isBase64Encoded: typeof event.body === 'string' && isTrue(event.isBase64Encoded),
  }
}

/**
 * The method of an HTTP event. Null for other events. An invalid method still makes it an HTTP event: taken for a
 * payload, the request would not need the token.
 */
function methodOf(event: JsonObject): string | null {
  if (!Object.hasOwn(event, 'httpMethod')) return null
  const method = text(event.httpMethod)?.toUpperCase() ?? ''
  return /^[A-Z][A-Z-]{1,31}$/.test(method) ? method : 'UNKNOWN'
}

/** The method of an event of API Gateway version 2 or a function URL of AWS. Null for other events. */
function methodOfVersion2(event: JsonObject): string | null {
  const { http } = objectAt(event, 'requestContext')
  return event.version === '2.0' && isObject(http) ? (methodOf({ httpMethod: http.method }) ?? '') : null
}

/** Has the event a mark of SCF, so that it is not one of API Gateway version 1 or of a load balancer of AWS? */
function isScf(event: JsonObject): boolean {
  const platformContext = objectAt(event, 'requestContext')
  return (
    ['queryString', 'headerParameters'].some((key) => Object.hasOwn(event, key)) ||
    ['serviceId', 'sourceIp'].some((key) => Object.hasOwn(platformContext, key))
  )
}

/** Is it one of AWS's own events, with the types that AWS documents? Others are normalised like those of SCF. */
const isAws = (event: JsonObject): event is JsonObject & AwsHttpEvent =>
  isSoundVersion2(event) ||
  (!isScf(event) &&
    (isObject(objectAt(event, 'requestContext').elb) ||
      isObject(event.multiValueHeaders) ||
      Object.hasOwn(event, 'resource')) &&
    isSoundVersion1(event))

/**
 * For serverless-http's `request` option. Version 4 fills `headers` and leaves `rawHeaders` empty, but
 * @hono/node-server only reads `rawHeaders`. Without this the application would see no headers, not even Authorization.
 */
export function withRawHeaders(request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>): void {
  request.rawHeaders = Object.entries(request.headers).flatMap(([name, value]) => [name, String(value)])
}

const WRAPPING_KEYS = new Set(['headers', 'body', 'payload', 'isBase64Encoded', 'requestId'])
const MAX_WRAPPINGS = 3

/**
 * The content of an event that is only a wrapper, `{body}` or `{headers, payload}`. Any other event is returned as it
 * is.
 */
function unwrapped(event: unknown, depth = 0): unknown {
  const value = typeof event === 'string' ? (parseSentJson(event) ?? event) : event
  if (!isObject(value) || depth >= MAX_WRAPPINGS) return value
  const keys = Object.keys(value)
  const inner = ['body', 'payload'].filter((key) => keys.includes(key))
  const [key] = inner
  if (key === undefined || inner.length > 1 || !keys.every((name) => WRAPPING_KEYS.has(name))) return value
  const content = value[key]
  const base64 = typeof content === 'string' && isTrue(value.isBase64Encoded)
  return unwrapped(base64 ? Buffer.from(content, 'base64').toString('utf8') : content, depth + 1)
}

/**
 * Classifies the event that invoked the function. HTTP: a function URL, API Gateway, or an AWS load balancer. SCF's
 * events are normalised; AWS's stay as they are. Any other event is a payload: the raw callback of an `SCF:` address,
 * an EventBridge event or batch, a timer event, or a custom job. A payload that is only wrapped in `body` or `payload`
 * is unwrapped, and JSON text is parsed. Never throws. The client address of a normalised event is `''` if the platform
 * does not give it.
 */
export function readPlatformEvent(event: unknown): PlatformEvent {
  if (isObject(event)) {
    if (isAws(event)) return { kind: 'http', event }
    const method = methodOf(event) ?? methodOfVersion2(event)
    if (method !== null) return { kind: 'http', event: normalised(event, method) }
  }
  return { kind: 'payload', payload: unwrapped(event) }
}
