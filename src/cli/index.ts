import { ConfigError } from '../app/config-error.ts'
import { VERSION } from '../app/version.ts'
import { t } from '../text/index.ts'
import { HELP } from './help/texts.ts'
import { withoutAddresses } from './hidden.ts'
import { CliError, EXIT, type Io, type Terminal } from './io.ts'
import { languageOf } from './language.ts'
import { TEXTS } from './texts.ts'

// The command line: one file per command, options in options.ts. Only main.ts, the entry of the process, calls it.
// A command may call app/, http/ (for `serve`) and the simulator (for `demo`), and writes to the terminal only through
// Io. It may not diagnose or format anything itself.

type Name =
  | 'diagnose'
  | 'guest-script'
  | 'serve'
  | 'demo'
  | 'scan'
  | 'incidents'
  | 'route'
  | 'sinks'
  | 'backup'
  | 'guest-judge'
type Command = (args: readonly string[], io: Io) => Promise<number>

/** Each command is loaded only when it is used: `diagnose` needs neither the web server nor the simulator. */
const COMMANDS: Readonly<Record<Name, () => Promise<Command>>> = {
  diagnose: async () => (await import('./diagnose.ts')).diagnoseCommand,
  'guest-script': async () => (await import('./guest-script.ts')).guestScriptCommand,
  serve: async () => (await import('./serve.ts')).serveCommand,
  demo: async () => (await import('./demo.ts')).demoCommand,
  scan: async () => (await import('./scan.ts')).scanCommand,
  incidents: async () => (await import('./incidents.ts')).incidentsCommand,
  route: async () => (await import('./route.ts')).routeCommand,
  sinks: async () => (await import('./sinks.ts')).sinksCommand,
  backup: async () => (await import('./backup.ts')).backupCommand,
  'guest-judge': async () => (await import('./guest-judge.ts')).guestJudgeCommand,
}

const isCommand = (name: string | undefined): name is Name =>
  name !== undefined && Object.hasOwn(COMMANDS, name)

/** Help is shown in any case. Its reader may wonder why it is in this language. */
async function warnOfSettings({ env, language, err }: Io): Promise<void> {
  const { readerFrom } = await import('../app/config.ts')
  try {
    readerFrom(env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    err(`clb-doctor: ${error.inLanguage(language)}\n`)
  }
}

/** Runs one command line. Returns the exit status (contract 5). */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...args] = argv
  // A server must not speak the language of the terminal that happened to start it.
  const isTerminal = terminal.isTerminal && name !== 'serve'
  const language = languageOf(argv, terminal.env, { isTerminal })
  const hidden = withoutAddresses(argv)
  const io: Io = {
    ...terminal,
    language,
    err: (text) => terminal.err(hidden(text)),
    progress: (text) => terminal.progress(hidden(text)),
    status: (text) => terminal.status(text === null ? null : hidden(text)),
  }
  try {
    if (name === 'help' || argv.includes('--help') || argv.includes('-h')) {
      const about = name === 'help' ? args[0] : name
      io.out(HELP[isCommand(about) ? about : 'general'][language])
      await warnOfSettings(io)
      return EXIT.healthy
    }
    if (name === '--version' || name === '-v') {
      io.out(`${VERSION}\n`)
      return EXIT.healthy
    }
    if (!isCommand(name)) {
      const why = name === undefined ? TEXTS.noCommand[language] : t(TEXTS.unknownCommand, { name }, language)
      throw new CliError(`${why}\n\n${HELP.general[language]}`)
    }
    const command = await COMMANDS[name]()
    return await command(args, io)
  } catch (error) {
    if (!(error instanceof CliError || error instanceof ConfigError)) throw error
    const text = error instanceof ConfigError ? error.inLanguage(language) : error.message
    io.err(`clb-doctor: ${text.trimEnd()}\n`)
    return EXIT.misused
  }
}
