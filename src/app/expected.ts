import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import { isKnownCode } from '../diagnosis/index.ts'
import { CONFIG_FILE, type ExpectedFinding, endOf } from '../model/expected.ts'
import { parsed } from '../model/parsed.ts'
import { ConfigError } from './config-error.ts'

const ENTRY =
  '{"code":"security-group/probe-blocked","resource":"sg-a1b2c3d4","reason":"OPS-123","until":"2026-12-31"}'
const EXAMPLE = `{"accepted":[${ENTRY}]}`

const UNTIL =
  'until must be a day such as "2026-12-31" (to its end, UTC) or a time with its zone such as "2026-12-31T18:00:00+08:00"'

const REASON = 'reason must say in 1 to 200 characters why it is accepted'

const Entry = v.strictObject({
  code: v.pipe(
    v.string(),
    v.regex(
      /^[a-z0-9-]+\/[a-z0-9-]+$/,
      'code must be one finding code such as "security-group/probe-blocked"',
    ),
  ),
  resource: v.pipe(
    v.string(),
    v.regex(/^[\w.:-]+$/, 'resource must be one exact id such as "sg-a1b2c3d4"; there are no wildcards'),
  ),
  reason: v.pipe(v.string(), v.trim(), v.minLength(1, REASON), v.maxLength(200, REASON)),
  until: parsed((until) => (endOf(until) === null ? null : until), UNTIL),
})

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
export const ineffective = (expected: readonly ExpectedFinding[]): readonly string[] =>
  expected
    .filter(({ code }) => !isKnownCode(code))
    .map(({ entry, code }) => `${CONFIG_FILE}: entry ${entry} has no effect: there is no finding ${code}`)

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed'
    if (code === 'ENOENT') return null
    throw wrong(path, `cannot be read (${code})`, { cause })
  }
}

/** `path` is named in errors. @throws ConfigError if the text is not JSON or an entry is wrong */
export function parseExpected(text: string, path: string): readonly ExpectedFinding[] {
  const file = v.safeParse(File, jsonOf(text, path))
  if (!file.success) throw wrong(path, `must be an object with accepted alone: ${EXAMPLE}`)
  return file.output.accepted.map((given, i) => {
    const entry = v.safeParse(Entry, given)
    if (entry.success) return { entry: i + 1, ...entry.output }
    throw wrong(path, `entry ${i + 1}: ${problemOf(entry.issues[0])}; e.g. ${ENTRY}`)
  })
}

function jsonOf(text: string, path: string): unknown {
  try {
    // Editors on Windows put a byte order mark at the beginning of a file.
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (cause) {
    throw wrong(path, `is not JSON; write ${EXAMPLE}`, { cause })
  }
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const field = v.getDotPath(issue)
  if (field === null) return `must be an object with code, resource, reason and until`
  if (issue.expected === 'never')
    return `there is no "${field.slice(0, 40)}"; write code, resource, reason and until alone`
  if (issue.input === undefined) return `${field} is missing`
  return issue.type === 'string' ? `${field} must be a string` : issue.message
}

const wrong = (path: string, detail: string, options?: ErrorOptions): ConfigError =>
  new ConfigError(path, `${path}: ${detail}`, options)
