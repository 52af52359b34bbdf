import type { CallOptions, CloudSession, RequestOf, ResponseOf } from '../cloud/index.ts'
import { hasPrefix, type IdPrefix, isIdLike } from '../model/ids.ts'
import { ipFamily } from '../model/ip.ts'
import type { AuditEvent } from '../model/snapshot.ts'
import type { AuditedActions } from './audited-actions.ts'
import { editOf } from './audited-edits.ts'
import { listed } from './collect.ts'
import { type AuditTrail, after } from './known.ts'
import { integerIn, objectIn, textIn } from './log-record.ts'

const ACTION = 'cloudaudit:DescribeEvents'
const PAGE = 50
const MOST_PAGES = 10
const LONGEST_NAME = 100

type ApiEvent = NonNullable<ResponseOf<typeof ACTION>['Events']>[number]

/** Milliseconds since 1970. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** A span of the log, and the operations to read. */
interface Asked extends Span {
  readonly operations: AuditedActions
}

/**
 * The newest of these write operations of one region, newest first, at most 500. A record also holds tokens, secret ids and
 * session data (platform facts G). Only the fields of `AuditEvent` leave this file.
 */
export async function readAuditTrail(
  cloud: CloudSession,
  { operations: kindsByName, ...span }: Asked,
  where: CallOptions,
): Promise<AuditTrail> {
  const request: RequestOf<typeof ACTION> = {
    StartTime: Math.floor(span.from / 1000),
    EndTime: Math.ceil(span.to / 1000),
    MaxResults: PAGE,
    LookupAttributes: [
      { AttributeKey: 'ActionType', AttributeValue: 'Write' },
      { AttributeKey: 'EventName', AttributeValue: Object.keys(kindsByName).join(',') },
    ],
  }
  const records: ApiEvent[] = []
  let isWhole = false
  let token: bigint | null = null
  let at = where
  for (let page = 0; page < MOST_PAGES && !isWhole; page++) {
    const asked: RequestOf<typeof ACTION> = token === null ? request : { ...request, NextToken: token }
    const answer = await cloud.call(ACTION, asked, at)
    const found = listed(ACTION, answer.Events)
    records.push(...found)
    at = after(at.wave, at.region)
    isWhole = answer.ListOver ?? found.length < PAGE
    token = tokenOf(answer.NextToken)
    if (token === null) break
  }
  const operations = records.map((record) => operationOf(record, kindsByName))
  const gaps = records.map(({ EventTime }, i) =>
    operations[i] === 'unreadable' ? (millis(EventTime) ?? span.to) : span.from,
  )
  const oldest = records.reduce((all, { EventTime }) => Math.min(all, millis(EventTime) ?? all), span.to)
  // The oldest second that was read may have more records than were returned, so it does not count.
  const from = Math.min(span.to, Math.max(isWhole ? span.from : oldest + 1000, ...gaps))
  const window = { from: iso(from), to: iso(span.to), complete: from === span.from }
  return (isMet) => ({ ...window, events: operations.flatMap((one) => eventOn(isMet, one)) })
}

const tokenOf = (value: unknown): bigint | null =>
  /^\d+$/.test(String(value)) ? BigInt(String(value)) : null

const iso = (ms: number): string => new Date(ms).toISOString()

function millis(seconds: unknown): number | null {
  const ms = (integerIn(seconds) ?? Number.NaN) * 1000
  return Math.abs(ms) < 8.64e15 ? ms : null
}

type Operation = AuditEvent | 'unreadable' | null

/** Null: the operation was denied, failed, or changes nothing on a probe's way. */
function operationOf(record: ApiEvent, kindsByName: AuditedActions): Operation {
  const event = textIn(record.EventName) ?? ''
  const kinds = Object.hasOwn(kindsByName, event) ? kindsByName[event] : undefined
  if (!kinds) return null
  const details = objectIn(record.CloudAuditEvent)
  const at = millis(record.EventTime)
  if (!details || at === null) return 'unreadable'
  const isWrite = (textIn(details.actionType) ?? 'Write') === 'Write'
  const codes = [details.apiErrorCode, details.errorCode, record.ErrorCode]
  if (!isWrite || !codes.every((code) => SUCCESS.has(String(code ?? '')))) return null
  const ip = textIn(record.SourceIPAddress)
  const edit = editOf(event, objectIn(details.requestParameters))
  const actor = textIn(record.Username) ?? textIn(objectIn(details.userIdentity)?.userName)
  return {
    at: iso(at),
    event,
    resourceIds: changedBy(kinds, [
      ...idsIn(objectIn(record.Resources)?.ResourceName),
      ...idsIn(details.resourceName),
      ...parametersOf(event, details.requestParameters),
    ]),
    actor: actor === null ? null : [...actor].slice(0, LONGEST_NAME).join(''),
    sourceIp: ip !== null && ipFamily(ip) !== null ? ip : null,
    ...(edit === null ? {} : { edit }),
  }
}

/** The codes of success: 0 as a number or text, or no code. */
const SUCCESS: ReadonlySet<string> = new Set(['', '0'])

/** Ids of the first kind that the record names. */
function changedBy(kinds: readonly IdPrefix[], ids: readonly string[]): readonly string[] {
  for (const kind of kinds) {
    const own = ids.filter((id) => hasPrefix(id, kind))
    if (own.length > 0) return [...new Set(own)].sort()
  }
  return []
}

function eventOn(isMet: (id: string) => boolean, operation: Operation): readonly AuditEvent[] {
  if (operation === null || operation === 'unreadable') return []
  const resourceIds = operation.resourceIds.filter(isMet)
  return resourceIds.length > 0 ? [{ ...operation, resourceIds }] : []
}

const idsIn = (value: unknown): readonly string[] =>
  typeof value === 'string' ? (value.match(/[\w-]+/g) ?? []).filter(isIdLike) : []

/** The rules of a group name other groups and templates, which the operation does not change. */
const RULES = /Polic(y|ies)/

function parametersOf(event: string, parameters: unknown): readonly string[] {
  const named = objectIn(parameters)
  if (!named) return RULES.test(event) ? [] : idsIn(parameters)
  return idsIn(JSON.stringify(named, (key, value) => (RULES.test(key) ? null : value)))
}
