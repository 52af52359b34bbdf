import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { probeOutputsIn } from '../app/guest-judge/index.ts'
import type { GuestReport } from '../model/guest.ts'
import { t } from '../text/index.ts'
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
      throw new CliError(t(TEXTS.files.missing, { path }, language))
    case 'directory':
      return {
        kind: 'report',
        report: { kind: 'recorded', files: filesIn(path, io), ...byHand(changedAt(path)) },
      }
    case 'file':
      return inputIn(contentOf(path, io), { path, at: changedAt(path) }, io)
  }
}

function inputIn(
  text: string,
  { path, at }: { readonly path: string; readonly at: Date },
  { language }: Io,
): GuestInput {
  const clean = text.replace(/^\uFEFF/, '')
  if (clean.trim() === '') throw new CliError(t(WORDS.empty, { path }, language))
  // kubectl prints one object or a list. The probe and the shell print neither.
  if (/^\s*[{[]/.test(clean))
    return { kind: 'json', json: jsonIn(clean, path, language), at: at.toISOString() }
  const count = probeOutputsIn(clean)
  if (count !== 1)
    throw new CliError(t(count === 0 ? WORDS.noProbe : WORDS.severalProbes, { path, count }, language))
  return { kind: 'report', report: { kind: 'probe', text: clean, ...byHand(at) } }
}

function jsonIn(text: string, path: string, language: Io['language']): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new CliError(t(WORDS.noJson, { path }, language), { cause })
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

function contentOf(path: string, { language }: Io): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError(t(WORDS.unreadable, { path, why }, language), { cause })
  }
}

async function stdin(io: Io): Promise<string> {
  if (process.stdin.isTTY) io.progress(WORDS.paste[io.language])
  const parts: Buffer[] = []
  let size = 0
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part))
    size += parts.at(-1)?.length ?? 0
    if (size > MOST_BYTES) throw new CliError(WORDS.tooLong[io.language])
  }
  return Buffer.concat(parts).toString('utf8')
}
