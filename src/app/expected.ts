import * as v from 'valibot'
import { type ExpectedFinding, endOf } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { filled, inEachLanguage, t } from '../text/index.ts'
import type { ConfigError } from './config-error.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.file

const ENTRY =
  '{"code":"security-group/probe-blocked","resource":"sg-a1b2c3d4","reason":"OPS-123","until":"2026-12-31"}'

const entryIn = (language: Language) =>
  v.strictObject({
    code: v.pipe(v.string(), v.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, WORDS.code[language])),
    resource: v.pipe(v.string(), v.regex(/^[\w.:-]+$/, WORDS.resource[language])),
    reason: v.pipe(
      v.string(),
      v.trim(),
      v.minLength(1, WORDS.reason[language]),
      v.maxLength(200, WORDS.reason[language]),
    ),
    until: parsed((until) => (endOf(until) === null ? null : until), WORDS.until[language]),
  })

const Entry = entryIn('en')

/**
 * Reads the findings that the user expects, from `expected` of `clb-doctor.json`.
 * @throws ConfigError made by `wrong`, which names the entry
 */
export function expectedIn(
  entries: readonly unknown[],
  wrong: (detail: Text) => ConfigError,
): readonly ExpectedFinding[] {
  return entries.map((given, i) => {
    const entry = v.safeParse(Entry, given)
    if (entry.success) return { entry: i + 1, ...entry.output }
    const problem = inEachLanguage((language) => problemIn(given, language))
    throw wrong(filled(WORDS.entry, { entry: i + 1, problem, example: ENTRY }))
  })
}

function problemIn(given: unknown, language: Language): string {
  const [issue] = v.safeParse(entryIn(language), given).issues ?? []
  const field = issue ? v.getDotPath(issue) : null
  if (!issue || field === null) return WORDS.noObject[language]
  if (issue.expected === 'never') return t(WORDS.extra, { field: field.slice(0, 40) }, language)
  if (issue.input === undefined) return t(WORDS.missing, { field }, language)
  return issue.type === 'string' ? t(WORDS.noText, { field }, language) : issue.message
}
