import * as v from 'valibot'
import { loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { loadExpected } from '../app/expected.ts'
import { jsonLog } from '../app/log.ts'
import { serve } from '../http/index.ts'
import type { Language } from '../model/language.ts'
import { t } from '../text/index.ts'
import { HERE } from './files.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const optionsOf = (language: Language) => ({
  host: v.optional(v.string(), '0.0.0.0'),
  port: optionsIn(language).port,
})

/** Messages sent to one receiver at the same time. If a bot reports its rate limit, only these are retried. */
const MESSAGES_ABREAST = 4

/** `clb-doctor serve`: runs the HTTP server until SIGTERM or SIGINT. Returns the exit status. */
export async function serveCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  const [extra] = names
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  const config = loadConfig(io.env, loadExpected(HERE))
  const log = jsonLog(io.err, Date.now)
  const context = createContext(config, log, { abreast: MESSAGES_ABREAST })
  if (config.receivers.length === 0)
    log.warn('CLB_DOCTOR_SINKS is empty: diagnoses of alarms go to this log only')
  if (config.alarmToken === null)
    log.warn('CLB_DOCTOR_ALARM_TOKEN is not set: alarms are accepted from loopback only')
  let server: Awaited<ReturnType<typeof serve>>
  try {
    server = await serve(context, { host: options.host, port: options.port })
  } catch (error) {
    context.close()
    const why = error instanceof Error ? error.message : String(error)
    throw new CliError(t(TEXTS.serve.deaf, { ...options, why }, language))
  }
  await io.untilStopped()
  log.info('stopping: finishing the alarms that were taken')
  await server.stop()
  context.close()
  return EXIT.healthy
}
