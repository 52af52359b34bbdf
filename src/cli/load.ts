import { setFlagsFromString } from 'node:v8'
import { runBundle } from '../bundle/index.ts'

// dist/cli.cjs, the command: it runs dist/main.cjs.

/** Flags of V8, which the build defines. */
declare const COMMAND_FLAGS: string

setFlagsFromString(COMMAND_FLAGS)
runBundle(__dirname, 'main')
