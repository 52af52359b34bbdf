import { createHash } from 'node:crypto'
import SCRIPT from '../../../guest/probe.sh'

/** The name of the parameter that TAT puts into the script. */
export const PARAMETER = 'parameters'

const PLACE = `{{${PARAMETER}}}`

/** guest/probe.sh as it stands. */
export const scriptText = (): string => SCRIPT

/** Its SHA-256 in hexadecimal. */
export const scriptHash = (): string => createHash('sha256').update(SCRIPT).digest('hex')

/**
 * The script with parameters in its last line, behind `exit`: no shell reads that line as a command. For TAT's RunCommand,
 * which takes no argument.
 */
export const scriptWith = (parameters: string): string => SCRIPT.replace(PLACE, parameters)
