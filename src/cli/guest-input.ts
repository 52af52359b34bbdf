import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decoded, type Given, givenIn } from '../app/guest-judge/index.ts'
import type { GuestReport } from '../model/guest.ts'
import { KUBECTL } from '../model/kubernetes.ts'
import type { Language } from '../model/language.ts'
import { oneLine, t } from '../text/index.ts'
import { stateOf } from './files.ts'
import { CliError, type Io } from './io.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.guestJudge

/** More than any machine prints, and kubectl of a cluster with ten thousand pods. */
const MOST_BYTES = 256 * 1024 * 1024
const ENDING = '.txt'

/** What came back from a machine, or what kubectl printed as JSON. */
export type GuestInput =
  | { readonly kind: 'report'; readonly report: GuestReport }
  | { readonly kind: 'json'; readonly json: unknown; readonly at: string }

/**
 * Reads a file, a folder of recorded outputs, or stdin (`-`).
 * @throws CliError for anything else; it says what to do
 */
export async function guestInput(path: string, io: Io): Promise<GuestInput> {
  const { language } = io
  if (path === '-') return inputIn(await stdin(io), { path: WORDS.stdin[language], at: new Date() }, io)
  switch (stateOf(path)) {
    case 'missing':
      throw new CliError(t(WORDS.missing, { path }, language))
    case 'directory':
      return {
        kind: 'report',
        report: { kind: 'recorded', files: filesIn(path, io), ...byHand(changedAt(path)) },
      }
    case 'file':
      return inputIn(bytesOf(path, io), { path, at: changedAt(path) }, io)
  }
}

function inputIn(
  bytes: Buffer,
  { path, at }: { readonly path: string; readonly at: Date },
  { language }: Io,
): GuestInput {
  const text = decoded(bytes)
  if (text === null) throw new CliError(t(WORDS.noUtf8, { path }, language))
  const given = givenIn(text)
  switch (given.kind) {
    case 'probe':
      return { kind: 'report', report: { kind: 'probe', text: given.text, ...byHand(at) } }
    case 'json':
      return { kind: 'json', json: given.json, at: at.toISOString() }
    default:
      throw new CliError(whyNone(given, path, language))
  }
}

/** What to do about a text that nothing can be read from. */
function whyNone(
  given: Exclude<Given, { kind: 'probe' | 'json' }>,
  path: string,
  language: Language,
): string {
  switch (given.kind) {
    case 'severalProbes':
      return t(WORDS.severalProbes, { path, count: given.count }, language)
    case 'kubectlFailed':
      return t(WORDS.kubectlFailed, { path, line: oneLine(given.line), command: KUBECTL }, language)
    default:
      return t(WORDS[given.kind], { path, command: KUBECTL }, language)
  }
}

/** `at`: when the output was saved, which is the nearest that is known. */
const byHand = (at: Date) => ({ by: 'hand' as const, at: at.toISOString(), instanceId: null })

const changedAt = (path: string): Date => statSync(path).mtime

function filesIn(folder: string, io: Io): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.isFile() && item.name.endsWith(ENDING))
    .map(({ name }) => name)
  if (names.length === 0) throw new CliError(t(WORDS.emptyFolder, { path: folder }, io.language))
  return Object.fromEntries(
    names.map((name) => [name.slice(0, -ENDING.length), contentOf(join(folder, name), io)]),
  )
}

/** A file of a folder. */
function contentOf(path: string, io: Io): string {
  const text = decoded(bytesOf(path, io))
  if (text === null) throw new CliError(t(WORDS.noUtf8, { path }, io.language))
  return text
}

function bytesOf(path: string, { language }: Io): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError(t(WORDS.unreadable, { path, why }, language), { cause })
  }
}

async function stdin(io: Io): Promise<Buffer> {
  if (process.stdin.isTTY) io.progress(WORDS.paste[io.language])
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part))
    size += parts.at(-1)?.length ?? 0
    if (size > MOST_BYTES) throw new CliError(WORDS.tooLong[io.language])
  }
  return Buffer.concat(parts)
}
