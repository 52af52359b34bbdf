import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ineffective, loadExpected } from '../app/expected.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import { CliError, type Io } from './io.ts'

/** Found out before anything is read: the answer must not be lost for want of a place. */
export function mustBeWritable(option: string, file: string | undefined): void {
  const why = file === undefined ? null : refusalOf(file)
  if (why !== null) throw new CliError(`--${option}: ${why}`)
}

function refusalOf(file: string): string | null {
  if (file === '') return 'name a file'
  const itself = stateOf(file)
  if (itself === 'directory' || file.endsWith('/')) return `${file} is a directory`
  if (itself === 'file') return deniedTo(file)
  const folder = dirname(file)
  const its = stateOf(folder)
  if (its === 'directory') return deniedTo(folder)
  return its === 'missing' ? `${folder} does not exist` : `${folder} is not a directory`
}

export function stateOf(path: string): 'directory' | 'file' | 'missing' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file'
  } catch {
    return 'missing'
  }
}

function deniedTo(path: string): string | null {
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return `${path} cannot be written to (${error instanceof Error ? error.message : error})`
  }
}

/** Whether the file took it; why not, is said. */
export function isWritten(io: Io, option: string, file: string, text: string): boolean {
  try {
    writeFileSync(file, text)
    return true
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    io.err(`clb-doctor: --${option}: ${file} could not be written (${why})\n`)
    return false
  }
}

/** The result, to its file or to stdout, and to stdout as well where the file does not take it. */
export function isDelivered(io: Io, file: string | undefined, text: string): boolean {
  if (file !== undefined && isWritten(io, 'output', file, text)) return true
  io.out(text)
  return file === undefined
}

export const HERE: readonly string[] = ['.']

/** `clb-doctor.json` of the working directory; entries without effect are told beside the answer. */
export function loadExpectedHere(io: Io): readonly ExpectedFinding[] {
  const expected = loadExpected(HERE)
  for (const line of ineffective(expected)) io.err(`clb-doctor: ${line}\n`)
  return expected
}
