import { parseReceiverAddresses, type ReceiverAddress, ReceiverError } from '../delivery/address.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'
import { LANGUAGES } from '../model/language.ts'
import { Secret } from '../model/secret.ts'

/** A variable, or the file beside them, is missing or wrong. The message is one line that names it and says what to write. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variable: string

  constructor(variable: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.variable = variable
  }
}

const wrong = (variable: string, detail: string, options?: ErrorOptions): ConfigError =>
  new ConfigError(variable, `${variable}: ${detail}`, options)

export interface Credentials {
  readonly secretId: Secret
  readonly secretKey: Secret
  readonly token: Secret | null
}

/** Everything that the environment and `clb-doctor.json` say, validated once. */
export interface Config {
  readonly credentials: Credentials
  /** E.g. `ap-guangzhou`; null: each request has to name one. */
  readonly region: string | null
  readonly apiDomain: string
  /** Where API requests are sent in place of the real host, e.g. `http://127.0.0.1:9100`. */
  readonly apiOrigin: string | null
  /** Requests per second and action; null: the usual ones of each action. */
  readonly apiRate: number | null
  readonly receivers: readonly ReceiverAddress[]
  readonly alarmToken: Secret | null
  readonly apiToken: Secret | null
  readonly language: Language
  /** Findings that are expected. */
  readonly expected: readonly ExpectedFinding[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the environment (contract 2).
 * @throws ConfigError for the first variable that is missing, malformed or not available in this version
 */
export function loadConfig(env: Environment, expected: readonly ExpectedFinding[] = []): Config {
  const value = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const text = env[name]?.trim()
      if (text) return text
    }
    return null
  }
  const secret = (...names: readonly string[]): Secret | null => {
    const text = value(...names)
    return text === null ? null : new Secret(text)
  }
  refuseUnavailable(value)
  return Object.freeze({
    credentials: credentialsOf(value),
    region: regionOf(value('TENCENTCLOUD_REGION')),
    apiDomain: domainOf(value('CLB_DOCTOR_API_DOMAIN') ?? 'tencentcloudapi.com'),
    apiOrigin: originOf(value('CLB_DOCTOR_API_ORIGIN')),
    apiRate: rateOf(value('CLB_DOCTOR_API_RATE')),
    receivers: receiversOf(value('CLB_DOCTOR_SINKS') ?? ''),
    alarmToken: secret('CLB_DOCTOR_ALARM_TOKEN'),
    apiToken: secret('CLB_DOCTOR_API_TOKEN'),
    language: languageOf(value('CLB_DOCTOR_LANG') ?? 'zh-CN'),
    expected,
  })
}

type Read = (...names: readonly string[]) => string | null

/** Promised by the contract and not carried out yet: said aloud, so that nobody relies on it. */
function refuseUnavailable(value: Read): void {
  const inGuest = value('CLB_DOCTOR_IN_GUEST') ?? 'off'
  if (inGuest !== 'off' && inGuest !== 'on') throw wrong('CLB_DOCTOR_IN_GUEST', 'must be off or on')
  if (inGuest === 'on')
    throw wrong('CLB_DOCTOR_IN_GUEST', 'the in-guest probe is not available in this version; set it to off')
  if (value('CLB_DOCTOR_REDIS_URL') !== null)
    throw wrong('CLB_DOCTOR_REDIS_URL', 'shared state in Redis is not available in this version; unset it')
  if (value('CLB_DOCTOR_PUBLIC_URL') !== null)
    throw wrong('CLB_DOCTOR_PUBLIC_URL', 'incident pages are not available in this version; unset it')
}

const unset = (variable: string): ConfigError =>
  new ConfigError(variable, `${variable} is not set; use an API key, or give the function an execution role`)

function credentialsOf(value: Read): Credentials {
  const secret = (...names: readonly string[]): Secret | null => {
    const text = value(...names)
    // They go into headers: what cannot stand there would look like a network failure.
    if (text !== null && !/^[!-~]+$/.test(text))
      throw wrong(
        names.find((name) => value(name) !== null) ?? '',
        'must be printable ASCII without spaces; paste it as the console shows it',
      )
    return text === null ? null : new Secret(text)
  }
  const secretId = secret('TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRET_ID')
  if (!secretId) throw unset('TENCENTCLOUD_SECRETID')
  const secretKey = secret('TENCENTCLOUD_SECRETKEY', 'TENCENTCLOUD_SECRET_KEY')
  if (!secretKey) throw unset('TENCENTCLOUD_SECRETKEY')
  return { secretId, secretKey, token: secret('TENCENTCLOUD_SESSIONTOKEN', 'TENCENTCLOUD_TOKEN') }
}

/** `ap-guangzhou`, `na-siliconvalley`, `ap-shanghai-fsi` … */
export const isRegion = (text: string): boolean => /^[a-z]{2,3}(-[a-z0-9]+)+$/.test(text)

function regionOf(text: string | null): string | null {
  if (text === null || isRegion(text)) return text
  throw wrong('TENCENTCLOUD_REGION', `"${text.slice(0, 40)}" is not a region; write one such as ap-guangzhou`)
}

function domainOf(text: string): string {
  if (/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text)) return text.toLowerCase()
  throw wrong(
    'CLB_DOCTOR_API_DOMAIN',
    'must be a domain such as tencentcloudapi.com or internal.tencentcloudapi.com',
  )
}

function originOf(text: string | null): string | null {
  if (text === null) return null
  const hint = 'must be an origin such as http://127.0.0.1:9100, without a path'
  let url: URL
  try {
    url = new URL(text)
  } catch (cause) {
    throw wrong('CLB_DOCTOR_API_ORIGIN', hint, { cause })
  }
  const plain = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || !plain)
    throw wrong('CLB_DOCTOR_API_ORIGIN', hint)
  return url.origin
}

function rateOf(text: string | null): number | null {
  if (text === null) return null
  const rate = Number(text)
  if (Number.isFinite(rate) && rate > 0) return rate
  throw wrong('CLB_DOCTOR_API_RATE', 'must be a positive number of requests per second, e.g. 15')
}

function receiversOf(text: string): readonly ReceiverAddress[] {
  try {
    return parseReceiverAddresses(text)
  } catch (cause) {
    if (cause instanceof ReceiverError) throw wrong('CLB_DOCTOR_SINKS', cause.message, { cause })
    throw cause
  }
}

/** `zh-CN`, `en`, any case. */
export const languageFrom = (text: string): Language | undefined =>
  LANGUAGES.find((language) => language.toLowerCase() === text.toLowerCase())

function languageOf(text: string): Language {
  const language = languageFrom(text)
  if (language) return language
  throw wrong('CLB_DOCTOR_LANG', `must be ${LANGUAGES.join(' or ')}`)
}
