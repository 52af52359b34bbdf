import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ineffective, loadAccepted } from './accepted.ts'
import { CliError, type Io } from './cli-io.ts'
import type { Acceptance } from './model/acceptance.ts'

/** Found out before anything is read: the answer must not be lost for want of a place. */
export function mustBeWritable(option: string, file: string | undefined): void {
  if (file === undefined) return
  const folder = dirname(file)
  try {
    if (!statSync(folder).isDirectory()) throw new Error('not a folder')
    accessSync(folder, constants.W_OK)
  } catch (cause) {
    throw new CliError(`--${option}: ${folder} is not a folder that can be written to`, { cause })
  }
}

export function writeTo(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (cause) {
    throw new CliError(`--${option}: ${file} cannot be written`, { cause })
  }
}

export const HERE: readonly string[] = ['.']

/** `clb-doctor.json` of the working directory; entries without effect are told beside the answer. */
export function acceptedHere(io: Io): readonly Acceptance[] {
  const accepted = loadAccepted(HERE)
  for (const line of ineffective(accepted)) io.err(`clb-doctor: ${line}\n`)
  return accepted
}
