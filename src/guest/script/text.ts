import { createHash } from 'node:crypto'
import SCRIPT from '../../../guest/probe.sh'

/** The name of the parameter that TAT puts into the script. */
export const PARAMETER = 'parameters'

const PLACE = `{{${PARAMETER}}}`

/** guest/probe.sh as it stands. */
export const scriptText = (): string => SCRIPT

/**
 * As TAT keeps it: without its comments and the spaces before each line, because a command may have 64 KB in Base64 at
 * most. The first line and the one of the parameters stay.
 */
export const registeredText = (): string => SCRIPT.replace(/^ *#(?![!=]).*\n/gm, '').replace(/^ +/gm, '')

/** Its SHA-256 in hexadecimal. */
export const scriptHash = (): string => createHash('sha256').update(SCRIPT).digest('hex')

/**
 * The script with parameters in its last line, behind `exit`: no shell reads that line as a command. For TAT's RunCommand,
 * which takes no argument.
 */
export const scriptWith = (parameters: string): string => registeredText().replace(PLACE, parameters)
