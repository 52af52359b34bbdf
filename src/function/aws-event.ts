import type { ALBEvent, APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda'
import * as v from 'valibot'

// AWS's own HTTP events, which serverless-http reads as they are. It does not check them, and fails on a field of another
// type. So an event passes only if every field that it reads has the type that AWS documents.

/** An HTTP event in a form that serverless-http accepts. */
export type AwsHttpEvent = APIGatewayProxyEventV2 | APIGatewayProxyEvent | ALBEvent

/** May this be sent as a header? */
export const isSendable = (name: string, value: string): boolean =>
  /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)

const text = v.nullish(v.string())
const method = v.pipe(v.string(), v.regex(/^[A-Za-z][A-Za-z-]{1,31}$/))
const path = v.pipe(v.string(), v.regex(/^\/(?!\/)[\x21-\x7e]*$/))
const query = v.pipe(v.string(), v.regex(/^[\x21-\x7e]*$/))
// Half of a surrogate pair cannot be percent-encoded.
const encodable = v.pipe(v.string(), v.regex(/^\P{Surrogate}*$/u))
const values = v.nullish(v.record(encodable, v.nullish(encodable)))
const lists = v.nullish(v.record(encodable, v.array(encodable)))

const headers = v.pipe(
  v.record(v.string(), text),
  v.check((given) => Object.entries(given).every(([name, value]) => isSendable(name, value ?? ''))),
)
const headerLists = v.pipe(
  v.record(v.string(), v.array(v.string())),
  v.check((given) =>
    Object.entries(given).every(([name, list]) => list.every((value) => isSendable(name, value))),
  ),
)

const content = { body: text, isBase64Encoded: v.nullish(v.boolean()) }

/** API Gateway version 2 and function URLs. */
const Version2 = v.looseObject({
  version: v.literal('2.0'),
  rawPath: path,
  rawQueryString: v.nullish(query),
  cookies: v.nullish(v.array(v.string())),
  headers,
  requestContext: v.looseObject({
    http: v.looseObject({ method, sourceIp: text }),
    requestId: text,
    stage: text,
  }),
  ...content,
})

/** API Gateway version 1, and load balancers. */
const Version1 = v.looseObject({
  httpMethod: method,
  path,
  headers: v.nullish(headers),
  multiValueHeaders: v.nullish(headerLists),
  queryStringParameters: values,
  multiValueQueryStringParameters: lists,
  requestContext: v.nullish(
    v.looseObject({
      identity: v.nullish(v.looseObject({ sourceIp: text })),
      requestId: text,
      stage: text,
    }),
  ),
  ...content,
})

export const isSoundVersion1 = (event: unknown): boolean => v.is(Version1, event)
export const isSoundVersion2 = (event: unknown): boolean => v.is(Version2, event)
