import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type ConfigFile, loadConfigFile, NO_FILE } from '../app/config-file.ts'
import { warningsOf } from '../app/ineffective.ts'
import type { Language } from '../model/language.ts'
import { t } from '../text/index.ts'
import type { Io } from './io.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.files

/** Why a file cannot be written; null if it can. */
export function whyNotWritable(file: string, language: Language): string | null {
  if (file === '') return WORDS.unnamed[language]
  const itself = stateOf(file)
  if (itself === 'directory' || file.endsWith('/')) return t(WORDS.directory, { path: file }, language)
  if (itself === 'file') return deniedTo(file, language)
  const folder = dirname(file)
  const its = stateOf(folder)
  if (its === 'directory') return deniedTo(folder, language)
  return t(its === 'missing' ? WORDS.missing : WORDS.noDirectory, { path: folder }, language)
}

export function stateOf(path: string): 'directory' | 'file' | 'missing' {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file'
  } catch {
    return 'missing'
  }
}

function deniedTo(path: string, language: Language): string | null {
  try {
    accessSync(path, constants.W_OK)
    return null
  } catch (error) {
    return t(WORDS.denied, { path, why: error instanceof Error ? error.message : String(error) }, language)
  }
}

/** Writes the file. If that fails, prints why and returns false. */
export function isWritten(io: Io, option: string, file: string, text: string): boolean {
  try {
    writeFileSync(file, text)
    return true
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    io.err(`clb-doctor: --${option}: ${t(WORDS.lost, { path: file, why }, io.language)}\n`)
    return false
  }
}

/**
 * Writes the result to the file, or to stdout if no file is named. If the file cannot be written, writes to stdout and
 * returns false.
 */
export function isDelivered(io: Io, file: string | undefined, text: string): boolean {
  if (file !== undefined && isWritten(io, 'output', file, text)) return true
  io.out(text)
  return file === undefined
}

export const HERE: readonly string[] = ['.']

/** Reads `clb-doctor.json`. Prints what a person should know of it, one line each. */
export const loadFileHere = (io: Io): ConfigFile => warned(loadConfigFile(io.env, HERE), io)

/** For commands that tell nobody: what is expected. The variables with the addresses of receivers need not be set. */
export function loadExpectedHere(io: Io): ConfigFile {
  const { expected, isOld } = loadConfigFile(io.env, HERE)
  return { ...warned({ ...NO_FILE, expected, isOld }, io), isOld: false }
}

function warned(file: ConfigFile, io: Io): ConfigFile {
  for (const line of warningsOf(file, io.language)) io.err(`clb-doctor: ${line}\n`)
  return file
}
