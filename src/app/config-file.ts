import { lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { REMINDERS, type Reminders } from '../incidents/index.ts'
import { CONFIG_FILE, type ExpectedFinding } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { NO_ROUTES, type RouteMatch, type Routing } from '../model/routing.ts'
import { filled, inEachLanguage, mark, t } from '../text/index.ts'
import { ConfigError } from './config-error.ts'
import { expectedIn } from './expected.ts'
import { type FileForm, fileIn, problemOf } from './file-schema.ts'
import { type JsonProblem, jsonProblem } from './json-problem.ts'
import { TEXTS } from './texts.ts'
import { type Environment, textsOf, validated } from './validated.ts'
import { parsePath } from './variables.ts'

const WORDS = TEXTS.file

const EXAMPLE = '{"receivers":{"oncall":{"url":"env:WECOM_ONCALL"}},"default":["oncall"]}'

/** A receiver as the file names it. Its address stands in a variable. */
export interface FileReceiver {
  readonly name: string
  readonly variable: string
  readonly mentions: readonly string[]
  readonly language: Language | null
  readonly allowPrivate: boolean
}

/** `clb-doctor.json`, validated. Whether the names in its routes exist is decided with CLB_DOCTOR_SINKS. */
export interface ConfigFile {
  /** For errors. */
  readonly path: string
  readonly receivers: readonly FileReceiver[]
  readonly routing: Routing
  readonly reminders: Reminders
  readonly expected: readonly ExpectedFinding[]
  /** True if `expected` has the name of the first version. */
  readonly isOld: boolean
}

export const NO_FILE: ConfigFile = {
  path: CONFIG_FILE,
  receivers: [],
  routing: NO_ROUTES,
  reminders: REMINDERS,
  expected: [],
  isOld: false,
}

/** The variable that names the file, with its message in one language. */
export const pathIn = (language: Language) => ({
  CLB_DOCTOR_CONFIG: v.optional(parsed(parsePath, TEXTS.variables.file[language])),
})

/**
 * Reads the file of CLB_DOCTOR_CONFIG, else the `clb-doctor.json` of the first folder that has one.
 * @throws ConfigError if it cannot be read or something in it is wrong
 */
export function loadConfigFile(env: Environment, folders: readonly string[]): ConfigFile {
  const named = validated((language) => v.object(pathIn(language)), textsOf(env)).CLB_DOCTOR_CONFIG
  if (named !== undefined) {
    const text = textOf(named)
    if (text === null) throw notThere(named)
    return parseConfigFile(text, named)
  }
  for (const folder of folders) {
    const path = join(folder, CONFIG_FILE)
    const text = textOf(path)
    if (text !== null) return parseConfigFile(text, path)
  }
  return NO_FILE
}

const notThere = (path: string): ConfigError =>
  new ConfigError(
    'CLB_DOCTOR_CONFIG',
    inEachLanguage(
      (language) => `CLB_DOCTOR_CONFIG${mark('colon', language)}${t(WORDS.notThere, { path }, language)}`,
    ),
  )

/** One line if the file calls `expected` by the name of the first version. */
export const oldNameOf = ({ isOld }: Pick<ConfigFile, 'isOld'>, language: Language): readonly string[] =>
  isOld ? [t(WORDS.oldName, { file: CONFIG_FILE }, language)] : []

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

/** `path` is named in errors. @throws ConfigError if the text is not JSON or something in it is wrong */
export function parseConfigFile(text: string, path: string): ConfigFile {
  const given = jsonOf(text, path)
  const file = v.safeParse(fileIn('en'), given)
  if (!file.success)
    throw wrong(
      path,
      inEachLanguage((language) => problemOf(given, language)),
    )
  const { receivers, routes, remind, expected, accepted } = file.output
  if (expected && accepted) throw wrong(path, filled(WORDS.both, {}))
  return {
    path,
    receivers: Object.entries(receivers).map(([name, one]) => ({
      name,
      variable: one.url,
      mentions: one.mention,
      language: one.language ?? null,
      allowPrivate: one.allowPrivate,
    })),
    routing: {
      routes: routes.map(({ match, ...rest }) => ({ match: matchOf(match), ...rest })),
      default: file.output.default ?? null,
    },
    reminders: {
      'act-now': remind['act-now'] ?? REMINDERS['act-now'],
      'act-soon': remind['act-soon'] ?? REMINDERS['act-soon'],
    },
    expected: expectedIn(expected ?? accepted ?? [], (detail) => wrong(path, detail)),
    isOld: accepted !== undefined,
  }
}

/** Without the fields that the route does not ask for. */
const matchOf = (match: FileForm['routes'][number]['match']): RouteMatch =>
  Object.fromEntries(Object.entries(match).filter(([, wanted]) => wanted !== undefined))

function jsonOf(given: string, path: string): unknown {
  // Editors on Windows put a byte order mark at the beginning of a file.
  const text = given.replace(/^\uFEFF/, '')
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw wrong(path, noJson(text), { cause })
  }
}

/** Only if JSON.parse refuses more than we do. A test compares both. */
const UNKNOWN_MISTAKE: JsonProblem = { mistake: 'start', line: 1, column: 1, meant: '' }

/** Where it is not JSON, and what to write there. */
function noJson(text: string): Text {
  const { mistake, line, column, meant } = jsonProblem(text) ?? UNKNOWN_MISTAKE
  return inEachLanguage((language) => {
    const todo = t(WORDS.json[mistake], { meant, example: EXAMPLE }, language)
    return t(WORDS.noJson, { line, column, todo }, language)
  })
}

/** One line that names the file. */
export const wrong = (path: string, detail: Text, options?: ErrorOptions): ConfigError =>
  new ConfigError(
    path,
    inEachLanguage((language) => `${path}${mark('colon', language)}${detail[language]}`),
    options,
  )
