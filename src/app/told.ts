import * as v from 'valibot'
import type { Language } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import type { Routing } from '../model/routing.ts'
import { type Proxies, parseProxy } from '../net/index.ts'
import type { ConfigFile } from './config-file.ts'
import {
  type ConfiguredReceiver,
  namedByPlace,
  receiversFrom,
  receiversIn,
  routingFrom,
} from './receivers.ts'
import { TEXTS } from './texts.ts'
import type { Environment } from './validated.ts'

const WORDS = TEXTS.variables

/** Who is told, and through which proxy. */
export interface ToldConfig {
  readonly receivers: readonly ConfiguredReceiver[]
  /** Which of them hears of what. */
  readonly routing: Routing
  /** Used for the API and for receivers. */
  readonly proxies: Proxies
}

// The message never repeats the value: it can hold a password.
const proxyIn = (language: Language) => v.optional(parsed(parseProxy, WORDS.proxy[language]))

/** The variables of proxies, with messages in one language. */
export function proxiesIn(language: Language) {
  const proxy = proxyIn(language)
  return {
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    no_proxy: v.optional(v.string()),
    NO_PROXY: v.optional(v.string()),
  }
}

export const proxiesOf = (
  read: v.InferOutput<v.ObjectSchema<ReturnType<typeof proxiesIn>, undefined>>,
): Proxies => ({
  https: read.https_proxy ?? read.HTTPS_PROXY ?? null,
  http: read.http_proxy ?? read.HTTP_PROXY ?? null,
  exempt: read.no_proxy ?? read.NO_PROXY ?? '',
})

/** The variables that say who is told, with messages in one language. */
export const toldIn = (language: Language) => ({
  CLB_DOCTOR_SINKS: v.optional(receiversIn(language), ''),
  ...proxiesIn(language),
})

/** @throws ConfigError if the file and the variables do not go together */
export function toldOf(
  read: v.InferOutput<v.ObjectSchema<ReturnType<typeof toldIn>, undefined>>,
  file: ConfigFile,
  env: Environment,
): ToldConfig {
  const receivers = receiversFrom(namedByPlace(read.CLB_DOCTOR_SINKS), file, env)
  return {
    receivers,
    routing: routingFrom(file, receivers),
    proxies: proxiesOf(read),
  }
}
