import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { isKnownCode } from '../diagnosis/index.ts'
import { CONFIG_FILE, type ExpectedFinding, endOf } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { filled, inEachLanguage, mark, t } from '../text/index.ts'
import { ConfigError } from './config-error.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.file

const ENTRY =
  '{"code":"security-group/probe-blocked","resource":"sg-a1b2c3d4","reason":"OPS-123","until":"2026-12-31"}'
const EXAMPLE = `{"accepted":[${ENTRY}]}`

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
const File = v.strictObject({ accepted: v.array(v.unknown()) })

/**
 * Reads the findings that the user expects from the first folder that has a `clb-doctor.json`.
 * @throws ConfigError if the file cannot be read or an entry is wrong
 */
export function loadExpected(folders: readonly string[]): readonly ExpectedFinding[] {
  for (const folder of folders) {
    const path = join(folder, CONFIG_FILE)
    const text = textOf(path)
    if (text !== null) return parseExpected(text, path)
  }
  return []
}

/** One line for each entry that can never match, because no check of this version reports its code. */
export const ineffective = (expected: readonly ExpectedFinding[], language: Language): readonly string[] =>
  expected
    .filter(({ code }) => !isKnownCode(code))
    .map(({ entry, code }) => t(WORDS.ineffective, { file: CONFIG_FILE, entry, code }, language))

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed'
    if (code === 'ENOENT' && !isThere(path)) return null
    if (code === 'ENOENT') throw wrong(path, filled(WORDS.dangling, {}), { cause })
    throw wrong(path, code === 'EISDIR' ? filled(WORDS.directory, {}) : filled(WORDS.unread, { code }), {
      cause,
    })
  }
}

/** A link is there, even if the file that it names is not. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** `path` is named in errors. @throws ConfigError if the text is not JSON or an entry is wrong */
export function parseExpected(text: string, path: string): readonly ExpectedFinding[] {
  const file = v.safeParse(File, jsonOf(text, path))
  if (!file.success) throw wrong(path, filled(WORDS.shape, { example: EXAMPLE }))
  return file.output.accepted.map((given, i) => {
    const entry = v.safeParse(Entry, given)
    if (entry.success) return { entry: i + 1, ...entry.output }
    const problem = inEachLanguage((language) => problemIn(given, language))
    throw wrong(path, filled(WORDS.entry, { entry: i + 1, problem, example: ENTRY }))
  })
}

function jsonOf(text: string, path: string): unknown {
  try {
    // Editors on Windows put a byte order mark at the beginning of a file.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw wrong(path, filled(WORDS.noJson, { example: EXAMPLE }), { cause })
  }
}

function problemIn(given: unknown, language: Language): string {
  const [issue] = v.safeParse(entryIn(language), given).issues ?? []
  const field = issue ? v.getDotPath(issue) : null
  if (!issue || field === null) return WORDS.noObject[language]
  if (issue.expected === 'never') return t(WORDS.extra, { field: field.slice(0, 40) }, language)
  if (issue.input === undefined) return t(WORDS.missing, { field }, language)
  return issue.type === 'string' ? t(WORDS.noText, { field }, language) : issue.message
}

const wrong = (path: string, detail: Text, options?: ErrorOptions): ConfigError =>
  new ConfigError(
    path,
    inEachLanguage((language) => `${path}${mark('colon', language)}${detail[language]}`),
    options,
  )
