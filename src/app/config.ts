import * as v from 'valibot'
import type { Reminders } from '../incidents/index.ts'
import type { Console } from '../model/console.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import { parseId } from '../model/ids.ts'
import { LANGUAGES, type Language, parseLanguage } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { Secret } from '../model/secret.ts'
import type { Proxies } from '../net/index.ts'
import { parseRedisAddress, type RedisAddress } from '../store/index.ts'
import { filled, t } from '../text/index.ts'
import { ConfigError } from './config-error.ts'
import { type ConfigFile, NO_FILE, pathIn } from './config-file.ts'
import { parsePublicUrl } from './public-url.ts'
import { TEXTS } from './texts.ts'
import { proxiesIn, proxiesOf, type ToldConfig, toldIn, toldOf } from './told.ts'
import { type Environment, textsOf, validated } from './validated.ts'
import {
  DOMAIN,
  parseConsole,
  parseOrigin,
  parsePath,
  parseRate,
  parseTimeZone,
  parseTokens,
} from './variables.ts'

const WORDS = TEXTS.variables

export interface Credentials {
  readonly secretId: Secret
  readonly secretKey: Secret
  readonly token: Secret | null
}

/** The settings from the environment and `clb-doctor.json`, validated. */
export interface Config extends ToldConfig {
  readonly credentials: Credentials
  /** The default region, e.g. `ap-guangzhou`. Null: each request must name a region. */
  readonly region: string | null
  readonly apiDomain: string
  /** Send API requests here instead of to the real host, e.g. `http://127.0.0.1:9100`. Null: the real host. */
  readonly apiOrigin: string | null
  /** Requests per second for each action. Null: the default rate of each action. */
  readonly apiRate: number | null
  /** Look inside machines with the probe (TAT) where a backend is Dead. */
  readonly inGuest: boolean
  /** The registered probe, e.g. `cmd-a1b2c3d4`. Null: none is. */
  readonly tatCommand: string | null
  /** When people are reminded of an incident. */
  readonly reminders: Reminders
  /** A message is tried so long after its alarm was taken, in ms. After that it waits for the receiver to come back. */
  readonly deadlineMs: number
  /** One, or two while they rotate. Empty: none is set. */
  readonly alarmTokens: readonly Secret[]
  readonly apiTokens: readonly Secret[]
  /** Where people reach the pages of incidents, without a slash at the end. Null: messages have no links to them. */
  readonly publicUrl: string | null
  /** They sign these links. Empty: keys derived from `apiTokens` do. */
  readonly linkKeys: readonly Secret[]
  /** The store that several instances share. Null: each process has its own. */
  readonly redis: RedisAddress | null
  /** The function may hand an HTTP alarm on to itself. */
  readonly handsOver: boolean
  /** The folder of the store of `serve`, where there is no Redis. */
  readonly dataFolder: string
  readonly language: Language
  /** The zone of times in texts, an IANA name. Null: the zone of the language. */
  readonly timeZone: string | null
  readonly console: Console
  /** The paths of `KUBECONFIG`. Null: no cluster is read. */
  readonly kubeconfig: string | null
  /** From `clb-doctor.json`. */
  readonly expected: readonly ExpectedFinding[]
}

export type { Environment } from './validated.ts'

/** Long enough for a bot to get through its rate limit. */
const DEADLINE_MS = 180_000

const tokensIn = (language: Language) => v.optional(parsed(parseTokens, WORDS.tokens[language]))

// Credentials go into HTTP headers. Without this check, a character that is illegal there would look like a network
// failure.
const credentialIn = (language: Language) =>
  v.optional(parsed((text) => (/^[!-~]+$/.test(text) ? new Secret(text) : null), WORDS.credential[language]))

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
  CLB_DOCTOR_DATA: v.optional(parsed(parsePath, WORDS.folder[language]), './clb-doctor-data'),
})

/** The look inside machines. */
const guestIn = (language: Language) => ({
  CLB_DOCTOR_IN_GUEST: v.optional(
    parsed((text) => (text === 'off' || text === 'on' ? text : null), WORDS.guest[language]),
    'off',
  ),
  CLB_DOCTOR_TAT_COMMAND: v.optional(parsed((text) => parseId(text, 'cmd'), WORDS.command[language])),
})

/** All variables, with messages in one language. */
function variablesIn(language: Language) {
  const credential = credentialIn(language)
  return v.object({
    ...guestIn(language),
    ...storeIn(language),
    ...pathIn(language),
    CLB_DOCTOR_ASYNC: v.optional(
      parsed((text) => (text === 'auto' || text === 'off' ? text : null), WORDS.async[language]),
      'auto',
    ),
    CLB_DOCTOR_PUBLIC_URL: v.optional(parsed(parsePublicUrl, WORDS.pages[language])),
    CLB_DOCTOR_LINK_KEY: tokensIn(language),
    TENCENTCLOUD_SECRETID: credential,
    TENCENTCLOUD_SECRET_ID: credential,
    TENCENTCLOUD_SECRETKEY: credential,
    TENCENTCLOUD_SECRET_KEY: credential,
    TENCENTCLOUD_SESSIONTOKEN: credential,
    TENCENTCLOUD_TOKEN: credential,
    TENCENTCLOUD_REGION: v.optional(
      parsed(parseRegionOrCode, (text) =>
        // A word is shown as it stands. Anything else may be a secret in the wrong place.
        /^[A-Za-z]{1,12}(-[a-z0-9]{1,12}){0,2}$/.test(text)
          ? t(WORDS.region, { given: text }, language)
          : WORDS.noRegion[language],
      ),
    ),
    CLB_DOCTOR_API_DOMAIN: v.optional(
      parsed((text) => (DOMAIN.test(text) ? text.toLowerCase() : null), WORDS.domain[language]),
      'tencentcloudapi.com',
    ),
    CLB_DOCTOR_API_ORIGIN: v.optional(parsed(parseOrigin, WORDS.origin[language])),
    CLB_DOCTOR_API_RATE: v.optional(parsed(parseRate, WORDS.rate[language])),
    KUBECONFIG: v.optional(v.string()),
    ...toldIn(language),
    CLB_DOCTOR_ALARM_TOKEN: tokensIn(language),
    CLB_DOCTOR_API_TOKEN: tokensIn(language),
    ...readerIn(language),
  })
}

/** The names of all variables. A function, because a start must not make the schema twice. */
export const variableNames = (): readonly string[] => Object.keys(variablesIn('en').entries)

/**
 * Reads and validates the environment (contract 2), and joins it with `clb-doctor.json`.
 * @throws ConfigError for the first variable that is missing, malformed or not available in this version
 */
export function loadConfig(env: Environment, file: ConfigFile = NO_FILE): Config {
  const given = textsOf(env)
  const read = validated(variablesIn, given)
  const secretId = read.TENCENTCLOUD_SECRETID ?? read.TENCENTCLOUD_SECRET_ID
  if (!secretId) throw unset('TENCENTCLOUD_SECRETID')
  const secretKey = read.TENCENTCLOUD_SECRETKEY ?? read.TENCENTCLOUD_SECRET_KEY
  if (!secretKey) throw unset('TENCENTCLOUD_SECRETKEY')
  const guest = guestOf(read)
  if (guest.inGuest && guest.tatCommand === null)
    throw new ConfigError('CLB_DOCTOR_IN_GUEST', filled(WORDS.noCommand, {}))
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
    ...guest,
    ...toldOf(read, file, env),
    reminders: file.reminders,
    deadlineMs: DEADLINE_MS,
    alarmTokens: read.CLB_DOCTOR_ALARM_TOKEN ?? [],
    apiTokens: read.CLB_DOCTOR_API_TOKEN ?? [],
    handsOver: read.CLB_DOCTOR_ASYNC === 'auto',
    publicUrl: read.CLB_DOCTOR_PUBLIC_URL ?? null,
    linkKeys: read.CLB_DOCTOR_LINK_KEY ?? [],
    kubeconfig: read.KUBECONFIG ?? null,
    ...placeOf(read),
    ...readerOf(read),
    expected: file.expected,
  })
}

const FEWEST_LETTERS = 16
export const SHORT_TOKEN = `a token has fewer than ${FEWEST_LETTERS} characters and can be guessed; use a longer one`

/** The variables with a token that is so short that it can be guessed. */
export const shortTokens = ({ alarmTokens, apiTokens, linkKeys }: Config): readonly string[] =>
  Object.entries({
    CLB_DOCTOR_ALARM_TOKEN: alarmTokens,
    CLB_DOCTOR_API_TOKEN: apiTokens,
    CLB_DOCTOR_LINK_KEY: linkKeys,
  })
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
 * Reads who is told, for commands that need no credentials.
 * @throws ConfigError for the first thing that is wrong
 */
export function toldFrom(env: Environment, file: ConfigFile): ToldConfig & Reader {
  const read = validated((language) => v.object({ ...toldIn(language), ...readerIn(language) }), textsOf(env))
  return { ...toldOf(read, file, env), ...readerOf(read) }
}

/**
 * Reads through which proxies to go, for commands that need no credentials.
 * @throws ConfigError for the first variable that is malformed
 */
export const proxiesFrom = (env: Environment): Proxies =>
  proxiesOf(validated((language) => v.object(proxiesIn(language)), textsOf(env)))

/**
 * Reads where records are kept, for commands that need no credentials.
 * @throws ConfigError for the first variable that is malformed
 */
export const storePlaceFrom = (env: Environment): Pick<Config, 'redis' | 'dataFolder'> =>
  placeOf(validated((language) => v.object(storeIn(language)), textsOf(env)))

/**
 * Reads how machines are looked into, for a command that has options of its own for it.
 * @throws ConfigError for the first variable that is malformed
 */
export const guestFrom = (env: Environment): Pick<Config, 'inGuest' | 'tatCommand'> =>
  guestOf(validated((language) => v.object(guestIn(language)), textsOf(env)))

const guestOf = (read: v.InferOutput<v.ObjectSchema<ReturnType<typeof guestIn>, undefined>>) => ({
  inGuest: read.CLB_DOCTOR_IN_GUEST === 'on',
  tatCommand: read.CLB_DOCTOR_TAT_COMMAND ?? null,
})

const placeOf = (read: v.InferOutput<v.ObjectSchema<ReturnType<typeof storeIn>, undefined>>) => ({
  redis: read.CLB_DOCTOR_REDIS_URL ?? null,
  dataFolder: read.CLB_DOCTOR_DATA,
})

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
