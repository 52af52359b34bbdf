import { ConfigError } from '../app/config-error.ts'
import { VERSION } from '../app/version.ts'
import { CliError, EXIT, HELP, type Io } from './io.ts'

// The command line: one file per command, options in options.ts. Only main.ts, the entry of the process, calls it.
// A command may call app/, http/ (for `serve`) and the simulator (for `demo`), and writes to the terminal only through
// Io. It may not diagnose or format anything itself.

type Command = (args: readonly string[], io: Io) => Promise<number>

/** Each command is loaded only when it is used: `diagnose` needs neither the web server nor the simulator. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  scan: async () => (await import('./scan.ts')).scanCommand,
}

/** Runs one command line. Returns the exit status (contract 5). */
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

/** Node adds this advice to its message. It does not apply here: no argument of ours begins with a dash. */
const DASH_ADVICE = /\. To specify a positional.*$/s

/** `parseArgs` throws such an error for an unknown option or a missing value. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
