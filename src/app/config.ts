import * as v from 'valibot'
import { REMINDERS, type Reminders } from '../incidents/index.ts'
import { CONSOLES, type Console } from '../model/console.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import { LANGUAGES, type Language, parseLanguage } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { Secret } from '../model/secret.ts'
import { type Proxies, parseProxy } from '../net/index.ts'
import { parseRedisAddress, type RedisAddress } from '../store/index.ts'
import { filled, inEachLanguage, mark, t } from '../text/index.ts'
import { ConfigError } from './config-error.ts'
import { type ConfiguredReceiver, namedByPlace, receiversIn } from './receivers.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.variables

export interface Credentials {
  readonly secretId: Secret
  readonly secretKey: Secret
  readonly token: Secret | null
}

/** The settings from the environment and `clb-doctor.json`, validated. */
export interface Config {
  readonly credentials: Credentials
  /** The default region, e.g. `ap-guangzhou`. Null: each request must name a region. */
  readonly region: string | null
  readonly apiDomain: string
  /** Send API requests here instead of to the real host, e.g. `http://127.0.0.1:9100`. Null: the real host. */
  readonly apiOrigin: string | null
  /** Requests per second for each action. Null: the default rate of each action. */
  readonly apiRate: number | null
  /** Used for the API and for receivers. */
  readonly proxies: Proxies
  readonly receivers: readonly ConfiguredReceiver[]
  /** When people are reminded of an incident. */
  readonly reminders: Reminders
  /** A message is tried so long after its alarm was taken, in ms. After that it waits for the receiver to come back. */
  readonly deadlineMs: number
  /** One, or two while they rotate. Empty: none is set. */
  readonly alarmTokens: readonly Secret[]
  readonly apiTokens: readonly Secret[]
  /** The store that several instances share. Null: each process has its own. */
  readonly redis: RedisAddress | null
  /** The folder of the store of `serve`, where there is no Redis. */
  readonly dataFolder: string
  readonly language: Language
  /** The zone of times in texts, an IANA name. Null: the zone of the language. */
  readonly timeZone: string | null
  readonly console: Console
  /** From `clb-doctor.json`. */
  readonly expected: readonly ExpectedFinding[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Long enough for a bot to get through its rate limit. */
const DEADLINE_MS = 180_000

const tokensIn = (language: Language) => v.optional(parsed(parseTokens, WORDS.tokens[language]))

function parseTokens(text: string): readonly Secret[] | null {
  const tokens = text.split(/\s+/)
  return tokens.length <= 2 ? tokens.map((token) => new Secret(token)) : null
}

// Credentials go into HTTP headers. Without this check, a character that is illegal there would look like a network
// failure.
const credentialIn = (language: Language) =>
  v.optional(parsed((text) => (/^[!-~]+$/.test(text) ? new Secret(text) : null), WORDS.credential[language]))

/** A variable of the contract that does not work yet. Setting it is an error, so that nobody relies on it. */
const unavailable = (message: string) => v.optional(parsed(() => null, message))

// The message never repeats the value: it can hold a password.
const proxyIn = (language: Language) => v.optional(parsed(parseProxy, WORDS.proxy[language]))

/** The name as the platform's own list spells it. Null for a zone that it does not know. */
function parseTimeZone(text: string): string | null {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

const parseConsole = (text: string): Console | null => CONSOLES.find((name) => name === text) ?? null

/** What the texts of a report depend on. */
const readerIn = (language: Language) => ({
  CLB_DOCTOR_LANG: v.optional(
    parsed(parseLanguage, t(WORDS.language, { languages: LANGUAGES.join(WORDS.or[language]) }, language)),
    'zh-CN',
  ),
  CLB_DOCTOR_TZ: v.optional(parsed(parseTimeZone, WORDS.zone[language])),
  CLB_DOCTOR_CONSOLE: v.optional(parsed(parseConsole, WORDS.console[language]), 'cn'),
})

/** Where records are kept. */
const storeIn = (language: Language) => ({
  CLB_DOCTOR_REDIS_URL: v.optional(parsed(parseRedisAddress, WORDS.redis[language])),
  CLB_DOCTOR_DATA: v.optional(v.string(), './clb-doctor-data'),
})

const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i

/** All variables, with messages in one language. */
function variablesIn(language: Language) {
  const credential = credentialIn(language)
  const proxy = proxyIn(language)
  return v.object({
    CLB_DOCTOR_IN_GUEST: v.optional(
      parsed(
        (text) => (text === 'off' ? text : null),
        (text) => WORDS[text === 'on' ? 'guestLater' : 'guest'][language],
      ),
    ),
    ...storeIn(language),
    CLB_DOCTOR_PUBLIC_URL: unavailable(WORDS.pages[language]),
    TENCENTCLOUD_SECRETID: credential,
    TENCENTCLOUD_SECRET_ID: credential,
    TENCENTCLOUD_SECRETKEY: credential,
    TENCENTCLOUD_SECRET_KEY: credential,
    TENCENTCLOUD_SESSIONTOKEN: credential,
    TENCENTCLOUD_TOKEN: credential,
    TENCENTCLOUD_REGION: v.optional(
      parsed(parseRegionOrCode, (text) => t(WORDS.region, { given: text.slice(0, 40) }, language)),
    ),
    CLB_DOCTOR_API_DOMAIN: v.optional(
      parsed((text) => (DOMAIN.test(text) ? text.toLowerCase() : null), WORDS.domain[language]),
      'tencentcloudapi.com',
    ),
    CLB_DOCTOR_API_ORIGIN: v.optional(parsed(parseOrigin, WORDS.origin[language])),
    CLB_DOCTOR_API_RATE: v.optional(parsed(parseRate, WORDS.rate[language])),
    CLB_DOCTOR_SINKS: v.optional(receiversIn(language), ''),
    CLB_DOCTOR_ALARM_TOKEN: tokensIn(language),
    CLB_DOCTOR_API_TOKEN: tokensIn(language),
    ...readerIn(language),
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    no_proxy: v.optional(v.string()),
    NO_PROXY: v.optional(v.string()),
  })
}

/**
 * Two names for the same setting; the first one wins. For credentials: SCF's name, then the SDK's. For proxies: lower
 * case, then upper case.
 */
const ALIASES = [
  ['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRET_ID'],
  ['TENCENTCLOUD_SECRETKEY', 'TENCENTCLOUD_SECRET_KEY'],
  ['TENCENTCLOUD_SESSIONTOKEN', 'TENCENTCLOUD_TOKEN'],
  ['https_proxy', 'HTTPS_PROXY'],
  ['http_proxy', 'HTTP_PROXY'],
  ['no_proxy', 'NO_PROXY'],
] as const

/**
 * Reads and validates the environment (contract 2).
 * @throws ConfigError for the first variable that is missing, malformed or not available in this version
 */
export function loadConfig(env: Environment, expected: readonly ExpectedFinding[] = []): Config {
  const given = textsOf(env)
  for (const [first, second] of ALIASES) if (given[first] !== undefined) delete given[second]
  const read = validated(variablesIn, given)
  const secretId = read.TENCENTCLOUD_SECRETID ?? read.TENCENTCLOUD_SECRET_ID
  if (!secretId) throw unset('TENCENTCLOUD_SECRETID')
  const secretKey = read.TENCENTCLOUD_SECRETKEY ?? read.TENCENTCLOUD_SECRET_KEY
  if (!secretKey) throw unset('TENCENTCLOUD_SECRETKEY')
  return Object.freeze({
    credentials: {
      secretId,
      secretKey,
      token: read.TENCENTCLOUD_SESSIONTOKEN ?? read.TENCENTCLOUD_TOKEN ?? null,
    },
    region: read.TENCENTCLOUD_REGION ?? null,
    apiDomain: read.CLB_DOCTOR_API_DOMAIN,
    apiOrigin: read.CLB_DOCTOR_API_ORIGIN ?? null,
    apiRate: read.CLB_DOCTOR_API_RATE ?? null,
    proxies: {
      https: read.https_proxy ?? read.HTTPS_PROXY ?? null,
      http: read.http_proxy ?? read.HTTP_PROXY ?? null,
      exempt: read.no_proxy ?? read.NO_PROXY ?? '',
    },
    receivers: namedByPlace(read.CLB_DOCTOR_SINKS),
    reminders: REMINDERS,
    deadlineMs: DEADLINE_MS,
    alarmTokens: read.CLB_DOCTOR_ALARM_TOKEN ?? [],
    apiTokens: read.CLB_DOCTOR_API_TOKEN ?? [],
    ...placeOf(read),
    ...readerOf(read),
    expected,
  })
}

const FEWEST_LETTERS = 16
export const SHORT_TOKEN = `a token has fewer than ${FEWEST_LETTERS} characters and can be guessed; use a longer one`

/** The variables with a token that is so short that it can be guessed. */
export const shortTokens = ({ alarmTokens, apiTokens }: Config): readonly string[] =>
  Object.entries({ CLB_DOCTOR_ALARM_TOKEN: alarmTokens, CLB_DOCTOR_API_TOKEN: apiTokens })
    .filter(([, tokens]) => tokens.some((token) => token.reveal().length < FEWEST_LETTERS))
    .map(([variable]) => variable)

/** What the texts of a report depend on. */
type Reader = Pick<Config, 'language' | 'timeZone' | 'console'>

/**
 * Reads what texts depend on, for commands that need no credentials.
 * @throws ConfigError for the first variable that is malformed
 */
export const readerFrom = (env: Environment): Reader =>
  readerOf(validated((language) => v.object(readerIn(language)), textsOf(env)))

const readerOf = (read: v.InferOutput<v.ObjectSchema<ReturnType<typeof readerIn>, undefined>>): Reader => ({
  language: read.CLB_DOCTOR_LANG,
  timeZone: read.CLB_DOCTOR_TZ ?? null,
  console: read.CLB_DOCTOR_CONSOLE,
})

/**
 * Reads where records are kept, for commands that need no credentials.
 * @throws ConfigError for the first variable that is malformed
 */
export const storePlaceFrom = (env: Environment): Pick<Config, 'redis' | 'dataFolder'> =>
  placeOf(validated((language) => v.object(storeIn(language)), textsOf(env)))

const placeOf = (read: v.InferOutput<v.ObjectSchema<ReturnType<typeof storeIn>, undefined>>) => ({
  redis: read.CLB_DOCTOR_REDIS_URL ?? null,
  dataFolder: read.CLB_DOCTOR_DATA,
})

/** Trims the variables and drops empty ones: an empty variable counts as not set. */
const textsOf = (env: Environment): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )

/** A schema in every language: the first problem is told in each, because its reader may not be known yet. */
function validated<S extends v.GenericSchema>(
  schemaIn: (language: Language) => S,
  given: Readonly<Record<string, string>>,
): v.InferOutput<S> {
  const check = (language: Language) => v.safeParse(schemaIn(language), given, { abortEarly: true })
  const result = check('en')
  if (result.success) return result.output
  const variable = v.getDotPath(result.issues[0]) ?? ''
  const text = inEachLanguage(
    (language) => `${variable}${mark('colon', language)}${check(language).issues?.[0].message ?? ''}`,
  )
  throw new ConfigError(variable, text)
}

const unset = (variable: string): ConfigError => new ConfigError(variable, filled(WORDS.unset, { variable }))

/** What is wrong if a timer starts a scan and no region is known. */
export const noRegionForTimer = (): ConfigError =>
  new ConfigError(
    'TENCENTCLOUD_REGION',
    filled(WORDS.timer, { example: '{"task":"scan","regions":["ap-guangzhou"]}' }),
  )

/** The language of errors about the configuration itself. */
export const languageIn = ({ CLB_DOCTOR_LANG: given = '' }: Environment): Language =>
  parseLanguage(given.trim()) ?? 'zh-CN'

function parseOrigin(text: string): string | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  const isBare = url.pathname === '/' && url.search === '' && url.hash === '' && url.username === ''
  return (url.protocol === 'http:' || url.protocol === 'https:') && isBare ? url.origin : null
}

function parseRate(text: string): number | null {
  const rate = Number(text)
  return Number.isFinite(rate) && rate > 0 ? rate : null
}
