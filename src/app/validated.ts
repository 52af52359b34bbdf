import * as v from 'valibot'
import type { Language } from '../model/language.ts'
import { inEachLanguage, mark } from '../text/index.ts'
import { ConfigError } from './config-error.ts'

export type Environment = Readonly<Record<string, string | undefined>>

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

/** Trims the variables and drops empty ones: an empty variable counts as not set. Of two names the second is dropped. */
export function textsOf(env: Environment): Record<string, string> {
  const given: Record<string, string> = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )
  for (const [first, second] of ALIASES) if (given[first] !== undefined) delete given[second]
  return given
}

/** A schema in every language: the first problem is told in each, because its reader may not be known yet. */
export function validated<S extends v.GenericSchema>(
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
