import * as v from 'valibot'
import { loadConfig, SHORT_TOKEN, shortTokens } from '../app/config.ts'
import { loadConfigFile, oldNameOf } from '../app/config-file.ts'
import { createContext } from '../app/create.ts'
import { knowReceivers } from '../app/known-receivers/index.ts'
import { jsonLog } from '../app/log.ts'
import { openServeStore } from '../app/serve-store.ts'
import { type Server, serve } from '../http/index.ts'
import { systemClock } from '../model/clock.ts'
import type { Language } from '../model/language.ts'
import type { Log } from '../model/log.ts'
import { t } from '../text/index.ts'
import { HERE } from './files.ts'
import { CliError, EndedAtOnce, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const optionsOf = (language: Language) => ({
  host: v.optional(v.string(), '0.0.0.0'),
  port: optionsIn(language).port,
})

/** For another instance that moves what is kept for renamed receivers. */
const PATIENCE_MS = 60_000

/** Supervisors kill what takes longer than 20 to 30 s. */
const LONGEST_STOP_MS = 19_000

/** `clb-doctor serve`: runs the HTTP server until SIGTERM or SIGINT. Returns the exit status. */
export async function serveCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  const [extra] = names
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  const file = loadConfigFile(io.env, HERE)
  const config = loadConfig(io.env, file)
  const log = jsonLog(io.err, Date.now)
  for (const detail of oldNameOf(file, language)) log.warn('clb-doctor.json has an old name', { detail })
  const { store, looks, announce } = await openServeStore(config, { clock: systemClock, log })
  await knowReceivers(config, { store, clock: systemClock, log, patienceMs: PATIENCE_MS })
  const context = createContext(config, log, { store, canWait: true })
  if (config.receivers.length === 0)
    log.warn(
      'CLB_DOCTOR_SINKS is empty, and clb-doctor.json has no receivers: diagnoses of alarms go to this log only',
    )
  for (const variable of shortTokens(config)) log.warn(SHORT_TOKEN, { variable })
  if (config.alarmTokens.length === 0)
    log.warn('CLB_DOCTOR_ALARM_TOKEN is not set: alarms are accepted from loopback only')
  // Before it listens: its first line in the log may be what a supervisor waits for.
  const stopped = io.untilStopped()
  let server: Server
  try {
    server = await serve(context, { host: options.host, port: options.port, looks })
  } catch (error) {
    context.close()
    throw new CliError(t(TEXTS.serve.deaf, { ...options, why: whyDeaf(error, language) }, language))
  }
  announce(server.address)
  await stopped
  log.info('stopping: finishing the alarms that were taken; a second signal ends at once')
  await untilDone(server, io, log)
  context.close()
  // What was cut off may still wait for an answer. It would find the store closed.
  throw new EndedAtOnce(EXIT.healthy)
}

/** Stops the server. What hangs does not hold the process. */
async function untilDone(server: Server, io: Io, log: Log): Promise<void> {
  const ended = await Promise.race([
    server.stop().then(() => 'done' as const),
    io.untilStopped().then(() => 'hurried' as const),
    systemClock.sleep(LONGEST_STOP_MS).then(() => 'late' as const),
  ])
  if (ended === 'late')
    log.warn('ended before everything was finished; the rest is kept', server.unfinished())
  if (ended !== 'hurried') return
  log.warn('ended by a second signal before everything was finished', server.unfinished())
  throw new EndedAtOnce(EXIT.inconclusive)
}

/** Node's own message has the address once more, and in English. */
function whyDeaf(error: unknown, language: Language): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  switch (code) {
    case 'EADDRINUSE':
      return TEXTS.serve.inUse[language]
    case 'EACCES':
      return TEXTS.serve.forbidden[language]
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return TEXTS.serve.notHere[language]
    default:
      return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error)
  }
}
