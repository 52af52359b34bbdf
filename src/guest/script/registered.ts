import { PARAMETER, registeredText, scriptHash } from './text.ts'

// The registered command of TAT. An administrator reviews the script once, and a role may run that one alone. TAT puts the
// parameters into the text before a shell reads it (SDK tat_models, CreateCommandRequest). They go behind the script's last
// command, so that nobody who may invoke the command can run another one with them.

/** TAT allows 60 bytes (SDK tat_models). */
const HASH_LENGTH = 32

/** Of this version of the script. */
export const registeredName = (): string => `clb-doctor-probe-${scriptHash().slice(0, HASH_LENGTH)}`

/** Seconds. The script ends within 40 by itself. */
const TIMEOUT = 60

/** The `tccli` command that registers the script. */
export const createCommandLine = (region: string): string =>
  [
    'tccli tat CreateCommand',
    `--region ${region}`,
    `--CommandName ${registeredName()}`,
    `--Description 'clb-doctor: reads why health checks fail on this machine'`,
    '--CommandType SHELL',
    '--Username root',
    `--Timeout ${TIMEOUT}`,
    '--EnableParameter True',
    `--DefaultParameters '${JSON.stringify({ [PARAMETER]: 'none' })}'`,
    `--Content ${Buffer.from(registeredText(), 'utf8').toString('base64')}`,
  ].join(' ')
