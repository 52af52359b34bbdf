import * as v from 'valibot'
import { ATTENTION_ORDER, VERDICT_ORDER } from '../model/diagnosis.ts'
import { parseId } from '../model/ids.ts'
import { LANGUAGES, type Language, parseLanguage } from '../model/language.ts'
import { nearest } from '../model/nearest.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { ROUTE_SOURCES } from '../model/routing.ts'
import { enumerated, mark, t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.file

// The form of `clb-doctor.json`, with messages in one language. docs/clb-doctor.schema.json is the same for editors. A test
// holds the two together.

/** Letters and digits of any script. It is a part of ids in the store and stands in logs. */
const RECEIVER_NAME = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,39}$/u
export const isReceiverName = (name: string): boolean => RECEIVER_NAME.test(name)

const ENV = /^env:([A-Za-z_][A-Za-z0-9_]*)$/
const variableIn = (url: string): string | null => ENV.exec(url)?.[1] ?? null

/** As people write it: no more than a word is repeated, because it may be a pasted address. */
const isWord = (text: string): boolean => /^[\w$.-]{1,40}$/.test(text) || isReceiverName(text)

/** "there is no …", with the word that was meant, or with all words. */
export function unknownWord(given: string, known: readonly string[], language: Language): string {
  if (known.length === 0) return t(isWord(given) ? WORDS.noneHere : WORDS.noneKnown, { given }, language)
  const words = enumerated(known, language)
  if (!isWord(given)) return t(WORDS.notOne, { known: words }, language)
  const meant = nearest(given, known)
  return meant === null
    ? t(WORDS.unknown, { given, known: words }, language)
    : t(WORDS.unknownNear, { given, meant, known: words }, language)
}

/** No list: valibot takes a list for an object. */
const plain = (message: string) =>
  v.custom<Readonly<Record<string, unknown>>>(
    (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
    message,
  )

/** An object with these fields alone. */
const object = <const E extends v.ObjectEntries>(entries: E, language: Language) => {
  const fields = Object.keys(entries).filter((name) => name !== '$schema')
  return v.pipe(
    plain(t(WORDS.object, { fields: enumerated(fields, language) }, language)),
    v.strictObject(entries, ({ expected, input }) =>
      expected === 'never' && typeof input === 'string'
        ? unknownWord(input, fields, language)
        : WORDS.missingHere[language],
    ),
  )
}

/** An object whose fields have any names. */
const named = <const S extends v.GenericSchema>(name: v.GenericSchema<string>, value: S, message: string) =>
  v.pipe(plain(message), v.record(name, value))

/** One text or a list of texts, each of which `parse` accepts. */
const several = <T>(parse: (text: string) => T | null, message: (given: unknown) => string) =>
  v.pipe(
    v.unknown(),
    v.rawTransform<unknown, readonly T[]>(({ dataset, addIssue, NEVER }) => {
      const list: readonly unknown[] = Array.isArray(dataset.value) ? dataset.value : [dataset.value]
      const all: T[] = []
      for (const one of list) {
        const read = typeof one === 'string' ? parse(one) : null
        if (read !== null) all.push(read)
      }
      if (list.length > 0 && all.length === list.length) return all
      addIssue({ message: message(list.find((one) => typeof one !== 'string' || parse(one) === null)) })
      return NEVER
    }),
  )

const textOf = (text: string): string | null => (text.trim() === '' || text.length > 200 ? null : text)

/** A list of texts. An empty one is a list, too. */
const list = (message: string) =>
  v.pipe(
    v.array(v.string(message), message),
    v.check((all) => all.every((one) => textOf(one) !== null), message),
  )

const words = <const T extends string>(known: readonly T[], language: Language) =>
  several(
    (text) => known.find((one) => one === text) ?? null,
    (given) =>
      typeof given === 'string'
        ? unknownWord(given, known, language)
        : t(WORDS.oneOf, { known: enumerated(known, language) }, language),
  )

/** A value of a kind, shown by an example. */
const valuesLike = <T>(parse: (text: string) => T | null, example: string, language: Language) =>
  several(parse, () => t(WORDS.like, { example }, language))

const CODE = /^[a-z0-9-]+\/[a-z0-9-]+$/

const matchIn = (language: Language) => {
  const pattern = valuesLike(textOf, '"shop-*"', language)
  return object(
    {
      tag: v.optional(named(v.string(), pattern, WORDS.tag[language])),
      name: v.optional(pattern),
      policy: v.optional(pattern),
      region: v.optional(valuesLike(parseRegionOrCode, '"ap-guangzhou"', language)),
      vpc: v.optional(valuesLike((text) => parseId(text, 'vpc'), '"vpc-1ywqac83"', language)),
      loadBalancer: v.optional(
        valuesLike((text) => parseId(text, 'lb') ?? parseId(text, 'clb'), '"lb-7dpmqwcu"', language),
      ),
      verdict: v.optional(words(VERDICT_ORDER, language)),
      attention: v.optional(words(ATTENTION_ORDER, language)),
      source: v.optional(words(ROUTE_SOURCES, language)),
      code: v.optional(
        valuesLike((text) => (CODE.test(text) ? text : null), '"security-group/probe-blocked"', language),
      ),
    },
    language,
  )
}

const receiverIn = (language: Language) =>
  object(
    {
      url: v.pipe(
        v.string(WORDS.url[language]),
        v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
          const variable = variableIn(dataset.value)
          if (variable !== null) return variable
          addIssue({ message: WORDS.url[language] })
          return NEVER
        }),
      ),
      mention: v.optional(list(WORDS.mention[language]), []),
      language: v.optional(
        v.pipe(
          v.string(t(WORDS.oneOf, { known: enumerated(LANGUAGES, language) }, language)),
          parsed(parseLanguage, t(WORDS.oneOf, { known: enumerated(LANGUAGES, language) }, language)),
        ),
      ),
      allowPrivate: v.optional(v.boolean(WORDS.boolean[language]), false),
    },
    language,
  )

const UNITS = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const
const SHORTEST_MS = 5 * UNITS.m
const LONGEST_MS = 30 * UNITS.d

function parseReminder(text: string): number | null {
  if (text === 'off') return Number.POSITIVE_INFINITY
  const [, count = '', unit = ''] = /^([1-9]\d{0,3})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? 0)
  return ms >= SHORTEST_MS && ms <= LONGEST_MS ? ms : null
}

const reminderIn = (language: Language) =>
  v.optional(v.pipe(v.string(WORDS.remind[language]), parsed(parseReminder, WORDS.remind[language])))

/** The whole file. Entries of `expected` are read by expected.ts. */
export const fileIn = (language: Language) =>
  object(
    {
      $schema: v.optional(v.string('$schema')),
      receivers: v.optional(
        named(
          v.pipe(v.string(), v.check(isReceiverName, WORDS.receiverName[language])),
          receiverIn(language),
          WORDS.receivers[language],
        ),
        {},
      ),
      routes: v.optional(
        v.array(
          object(
            {
              match: matchIn(language),
              to: list(WORDS.to[language]),
              continue: v.optional(v.boolean(WORDS.boolean[language]), false),
            },
            language,
          ),
          WORDS.routes[language],
        ),
        [],
      ),
      default: v.optional(list(WORDS.to[language])),
      remind: v.optional(
        object({ 'act-now': reminderIn(language), 'act-soon': reminderIn(language) }, language),
        {},
      ),
      expected: v.optional(v.array(v.unknown(), WORDS.list[language])),
      accepted: v.optional(v.array(v.unknown(), WORDS.list[language])),
    },
    language,
  )

export type FileForm = v.InferOutput<ReturnType<typeof fileIn>>

/** The first thing that is wrong, with its place. An unknown field comes before one that is missing. */
export function problemOf(given: unknown, language: Language): string {
  const issues = v.safeParse(fileIn(language), given).issues ?? []
  const issue = issues.find(({ expected }) => expected === 'never') ?? issues[0]
  if (!issue) return ''
  const place = placeOf(issue.path?.map(({ key }) => key) ?? [], language)
  return place === '' ? issue.message : `${place}${mark('colon', language)}${issue.message}`
}

/** `receivers.oncall.url`; `route 2, match.region`. */
export function placeOf(path: readonly unknown[], language: Language): string {
  const [first, second, ...rest] = path
  if (first !== 'routes' || typeof second !== 'number') return path.map(shown).join('.')
  return [
    t(WORDS.route, { route: second + 1 }, language),
    ...(rest.length > 0 ? [rest.map(shown).join('.')] : []),
  ].join(mark('comma', language))
}

const shown = (key: unknown): string => (isWord(String(key)) ? String(key) : '…')
