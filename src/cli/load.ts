import { runBundle } from '../bundle/index.ts'

// dist/cli.cjs, the command: it runs dist/main.cjs.
runBundle(__dirname, 'main')
