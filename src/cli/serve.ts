import * as v from 'valibot'
import { loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { loadExpected } from '../app/expected.ts'
import { jsonLog } from '../app/log.ts'
import { serve } from '../http/index.ts'
import { HERE } from './files.ts'
import { CliError, EXIT, type Io } from './io.ts'
import * as option from './options.ts'

const OPTIONS = { host: v.optional(v.string(), '0.0.0.0'), port: option.port }

/** Messages sent to one receiver at the same time. If a bot reports its rate limit, only these are retried. */
const MESSAGES_ABREAST = 4

/** `clb-doctor serve`: runs the HTTP server until SIGTERM or SIGINT. Returns the exit status. */
export async function serveCommand(args: readonly string[], io: Io): Promise<number> {
  const { options, names } = option.read(args, OPTIONS)
  if (names.length > 0) throw new CliError(`Unexpected argument '${names[0]}'; see --help`)
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
    throw new CliError(
      `cannot listen on ${options.host}:${options.port}: ${error instanceof Error ? error.message : error}`,
    )
  }
  await io.untilStopped()
  log.info('stopping: finishing the alarms that were taken')
  await server.stop()
  context.close()
  return EXIT.healthy
}
