import { ConfigError } from '../app/config-error.ts'
import { VERSION } from '../app/version.ts'
import { CliError, EXIT, HELP, type Io } from './io.ts'

// The command line: one file per command, options in options.ts. Only main.ts, which is the process, calls this room.
// It calls the stories of app/, http/ for `serve` and the simulator for `demo`, and writes to the terminal through Io
// alone. It may not diagnose or format by itself.

type Command = (args: readonly string[], io: Io) => Promise<number>

/** Each is loaded when it is asked for: `diagnose` needs neither the web server nor the simulator. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  scan: async () => (await import('./scan.ts')).scanCommand,
}

/** One invocation; returns the exit status of contract 5. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...args] = argv
  try {
    if (name === 'help' || argv.includes('--help') || argv.includes('-h')) {
      io.out(HELP)
      return EXIT.healthy
    }
    if (name === '--version' || name === '-v') {
      io.out(`${VERSION}\n`)
      return EXIT.healthy
    }
    if (name === undefined) throw new CliError(`no command given\n\n${HELP}`)
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
    if (!load) throw new CliError(`there is no command "${name}"\n\n${HELP}`)
    const command = await load()
    return await command(args, io)
  } catch (error) {
    if (isUsage(error)) io.err(`clb-doctor: ${error.message.replace(DASH_ADVICE, '; see --help')}\n`)
    else if (error instanceof CliError || error instanceof ConfigError)
      io.err(`clb-doctor: ${error.message.trimEnd()}\n`)
    else throw error
    return EXIT.misused
  }
}

/** Node's advice on arguments that begin with a dash, which nobody needs here. */
const DASH_ADVICE = /\. To specify a positional.*$/s

/** What `parseArgs` throws for unknown options and missing values. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
