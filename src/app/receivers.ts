import * as v from 'valibot'
import { isSame, parseReceiverAddresses, type ReceiverAddress, ReceiverError } from '../delivery/index.ts'
import type { Language, Text } from '../model/language.ts'
import type { Routing } from '../model/routing.ts'
import { filled, inEachLanguage, mark } from '../text/index.ts'
import { type ConfigFile, type FileReceiver, wrong } from './config-file.ts'
import { isReceiverName, placeOf, unknownWord } from './file-schema.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.file

/** A receiver by the name that routes and people use. */
export interface ConfiguredReceiver {
  /** Its name in `clb-doctor.json`, or its kind and position in CLB_DOCTOR_SINKS: `wecom-1`. */
  readonly name: string
  readonly address: ReceiverAddress
  /** Whom its messages mention. */
  readonly mentions: readonly string[]
  /** Null: the language of the configuration. */
  readonly language: Language | null
}

export const receiversIn = (language: Language) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, readonly ReceiverAddress[]>(({ dataset, addIssue, NEVER }) => {
      try {
        return parseReceiverAddresses(dataset.value)
      } catch (error) {
        if (!(error instanceof ReceiverError)) throw error
        addIssue({ message: error.text[language] })
        return NEVER
      }
    }),
  )

/** The receivers of CLB_DOCTOR_SINKS, named by kind and position. */
export const namedByPlace = (addresses: readonly ReceiverAddress[]): readonly ConfiguredReceiver[] =>
  addresses.map((address, i) => ({
    name: `${address.kind}-${i + 1}`,
    address,
    mentions: [],
    language: null,
  }))

/** What receivers read beside the language of the configuration. */
export const otherLanguages = (config: {
  readonly receivers: readonly ConfiguredReceiver[]
  readonly language: Language
}): readonly Language[] => [
  ...new Set(
    config.receivers.flatMap(({ language }) => (language && language !== config.language ? [language] : [])),
  ),
]

/** Receivers by the language that they read. */
export function byLanguage(
  receivers: readonly ConfiguredReceiver[],
  language: Language,
): ReadonlyMap<Language, readonly ConfiguredReceiver[]> {
  const all = new Map<Language, readonly ConfiguredReceiver[]>()
  for (const one of receivers) {
    const own = one.language ?? language
    all.set(own, [...(all.get(own) ?? []), one])
  }
  return all
}

type Variables = Readonly<Record<string, string | undefined>>

/**
 * All receivers: those of CLB_DOCTOR_SINKS, then those of the file, whose addresses stand in variables.
 * @throws ConfigError that names the file and the place
 */
export function receiversFrom(
  byPlace: readonly ConfiguredReceiver[],
  file: ConfigFile,
  env: Variables,
): readonly ConfiguredReceiver[] {
  const all = [...byPlace]
  for (const one of file.receivers) {
    if (all.some(({ name }) => name === one.name))
      throw wrongAt(file, ['receivers', one.name], filled(WORDS.taken, {}))
    const address = addressOf(env[one.variable]?.trim() ?? '', one, file)
    const other = all.find((known) => isSame(known.address, address))
    if (other) throw wrongUrl(file, one, filled(WORDS.same, { other: other.name }))
    const { name, mentions, language } = one
    all.push({ name, address, mentions, language })
  }
  return all
}

function addressOf(text: string, one: FileReceiver, file: ConfigFile): ReceiverAddress {
  const { variable, allowPrivate } = one
  if (text === '') throw wrongUrl(file, one, filled(WORDS.unset, { variable }))
  try {
    const [address, second] = parseReceiverAddresses(text, { allowPrivate })
    if (!address || second) throw wrongUrl(file, one, filled(WORDS.several, { variable }))
    return address
  } catch (error) {
    if (!(error instanceof ReceiverError)) throw error
    const detail = inEachLanguage(
      (language) => `${variable}${mark('colon', language)}${error.text[language]}`,
    )
    throw wrongUrl(file, one, detail, { cause: error })
  }
}

/** The routes, whose receivers all exist. @throws ConfigError that names the file and the place */
export function routingFrom(file: ConfigFile, receivers: readonly ConfiguredReceiver[]): Routing {
  const known = receivers.map(({ name }) => name)
  const check = (names: readonly string[], place: readonly unknown[]): void => {
    const unknown = names.find((name) => !known.includes(name))
    if (unknown === undefined) return
    const given = isReceiverName(unknown) ? unknown : ''
    const detail = inEachLanguage((language) => unknownWord(given, known, language))
    throw wrongAt(file, place, detail)
  }
  for (const [i, { to }] of file.routing.routes.entries()) check(to, ['routes', i, 'to'])
  check(file.routing.default ?? [], ['default'])
  return file.routing
}

const wrongUrl = (file: ConfigFile, { name }: FileReceiver, detail: Text, options?: ErrorOptions) =>
  wrongAt(file, ['receivers', name, 'url'], detail, options)

const wrongAt = ({ path }: ConfigFile, place: readonly unknown[], detail: Text, options?: ErrorOptions) =>
  wrong(
    path,
    inEachLanguage((language) => `${placeOf(place, language)}${mark('colon', language)}${detail[language]}`),
    options,
  )
