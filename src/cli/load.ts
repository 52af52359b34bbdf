import { runBundle } from '../bundle/index.ts'

// The build makes dist/cli.cjs, the command, of this file. It runs dist/main.cjs.
runBundle(__dirname, 'main')
