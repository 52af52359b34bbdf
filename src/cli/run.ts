import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ConfigError, isRegion, languageFrom, loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { diagnose, diagnoseSnapshot, type Format, renderAs } from '../app/diagnose.ts'
import { loadExpected } from '../app/expected.ts'
import { jsonLog } from '../app/log.ts'
import { obstacleText } from '../app/lookup-failure.ts'
import { isVpc, referenceFrom } from '../app/reference.ts'
import { VERSION } from '../app/version.ts'
import { serve } from '../http/serve.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { ExpectedFinding } from '../model/expected.ts'
import { type Language, sayerOf } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { demo } from './demo.ts'
import { HERE, isDelivered, isWritten, loadExpectedHere, mustBeWritable, stateOf } from './files.ts'
import { CliError, EXIT, exitFor, HELP, type Io } from './io.ts'
import { scanCommand } from './scan.ts'

const READ_BUDGET_MS = 120_000
const FORMATS: readonly Format[] = ['text', 'json', 'markdown', 'html']

/** One invocation; answers with the exit status of contract 5. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [command, ...rest] = argv
  try {
    if (command === 'help' || argv.includes('--help') || argv.includes('-h')) {
      io.out(HELP)
      return EXIT.healthy
    }
    switch (command) {
      case 'diagnose':
        return await diagnoseCommand(rest, io)
      case 'serve':
        return await serveCommand(rest, io)
      case 'demo':
        return await demo(rest, io)
      case 'scan':
        return await scanCommand(rest, io)
      case '--version':
      case '-v':
        io.out(`${VERSION}\n`)
        return EXIT.healthy
      case undefined:
        throw new CliError(`no command given\n\n${HELP}`)
      default:
        throw new CliError(`there is no command "${command}"\n\n${HELP}`)
    }
  } catch (error) {
    if (isUsage(error)) io.err(`clb-doctor: ${error.message.replace(OF_POSITIONALS, '; see --help')}\n`)
    else if (error instanceof CliError || error instanceof ConfigError)
      io.err(`clb-doctor: ${error.message.trimEnd()}\n`)
    else throw error
    return EXIT.misused
  }
}

/** Node's advice on dashes, which nobody here needs. */
const OF_POSITIONALS = /\. To specify a positional.*$/s

/** What `parseArgs` throws for unknown options and missing values. */
const isUsage = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

async function diagnoseCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      region: { type: 'string', multiple: true },
      listener: { type: 'string' },
      vpc: { type: 'string' },
      format: { type: 'string', default: 'text' },
      lang: { type: 'string' },
      output: { type: 'string' },
      'in-guest': { type: 'boolean', default: false },
      snapshot: { type: 'string' },
      'save-snapshot': { type: 'string' },
    },
  })
  if (values['in-guest'])
    throw new CliError('--in-guest: the in-guest probe is not available in this version')
  const format = FORMATS.find((name) => name === values.format)
  if (!format) throw new CliError(`--format must be one of ${FORMATS.join(', ')}`)
  const language = values.lang === undefined ? undefined : languageFrom(values.lang)
  if (values.lang !== undefined && !language) throw new CliError('--lang must be zh-CN or en')
  const [region = null, ...others] = values.region ?? []
  if (others.length > 0) throw new CliError('--region: name one; a CLB is in one region')
  if (region !== null && !isRegion(region))
    throw new CliError(`--region: "${region}" is not a region; write one such as ap-guangzhou`)
  if (values.vpc !== undefined && !isVpc(values.vpc))
    throw new CliError(`--vpc: "${values.vpc}" is not a VPC id such as vpc-1ywqac83`)
  if (values.listener !== undefined && !/^lbl-\w+$/.test(values.listener))
    throw new CliError(`--listener: "${values.listener}" is not a listener id such as lbl-a1b2c3d4`)
  for (const option of ['output', 'save-snapshot'] as const) mustBeWritable(option, values[option])

  if (values.output !== undefined && values.output === values['save-snapshot'])
    throw new CliError('--output and --save-snapshot name the same file; write two')
  const screen = { color: io.color && values.output === undefined, width: io.width }
  const told = async (diagnosis: Diagnosis): Promise<number> =>
    isDelivered(io, values.output, await renderAs(format, diagnosis, screen))
      ? exitFor(diagnosis.verdict)
      : EXIT.inconclusive

  if (values.snapshot !== undefined) {
    if (positionals.length > 0) throw new CliError('--snapshot holds the CLB; leave its id out')
    const idle = (['region', 'vpc', 'listener', 'save-snapshot'] as const).find(
      (name) => values[name] !== undefined,
    )
    if (idle) throw new CliError(`--${idle} has no effect beside --snapshot; leave it out`)
    const diagnosis = fromFile(
      values.snapshot,
      language ?? languageFrom(io.env.CLB_DOCTOR_LANG ?? '') ?? 'zh-CN',
      loadExpectedHere(io),
    )
    return told(diagnosis)
  }

  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new CliError('name one CLB: clb-doctor diagnose <lb-id | vip> [--region ap-guangzhou]')
  const clb = referenceFrom(name, values.vpc ?? null)
  if (!clb) throw new CliError(`"${name}" is neither a CLB id (lb-7dpmqwcu) nor an IP address`)

  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(loadConfig(io.env, loadExpectedHere(io)), log)
  try {
    io.progress(`reading ${name} …`)
    const { diagnosis, snapshot, lookupFailure } = await diagnose(
      {
        clb,
        region,
        listenerId: values.listener ?? null,
        ...(language ? { language } : {}),
        trigger: { source: 'cli', alarm: null },
      },
      context,
      AbortSignal.timeout(READ_BUDGET_MS),
    )
    const said = language ?? context.config.language
    if (lookupFailure && lookupFailure.kind !== 'unreadable') {
      const hint =
        lookupFailure.kind === 'unknown-load-balancer' && values.vpc !== undefined ? vpc('check', said) : ''
      io.err(`clb-doctor: ${obstacleText(lookupFailure, said)}${hint}\n`)
      return lookupFailure.kind === 'credentials' || lookupFailure.kind === 'defect'
        ? EXIT.inconclusive
        : EXIT.misused
    }
    const { id = '', vpcId } = diagnosis.loadBalancer ?? {}
    if (vpcId && values.vpc !== undefined && vpcId !== values.vpc) {
      io.err(`clb-doctor: ${vpc('other', said, { id, vpcId, asked: values.vpc })}\n`)
      return EXIT.misused
    }
    const file = values['save-snapshot']
    const isSaved =
      file === undefined ||
      snapshot === null ||
      isWritten(io, 'save-snapshot', file, `${JSON.stringify(snapshot, null, 2)}\n`)
    const status = await told(diagnosis)
    return isSaved ? status : EXIT.inconclusive
  } finally {
    context.close()
  }
}

const vpc = sayerOf({
  check: { 'zh-CN': '也请核对 --vpc。', en: ' Check --vpc too.' },
  other: {
    'zh-CN': '--vpc：{id} 在 {vpcId}，不在 {asked}',
    en: '--vpc: {id} is in {vpcId}, not in {asked}',
  },
})

const UNREADABLE = {
  missing: 'does not exist',
  directory: 'is a directory',
  file: 'cannot be read as JSON',
} as const

/** A saved snapshot, diagnosed again: how a wrong diagnosis is reported, and how it becomes a test. */
function fromFile(path: string, language: Language, expected: readonly ExpectedFinding[]) {
  let snapshot: Snapshot
  try {
    snapshot = JSON.parse(readFileSync(path, 'utf8')) as Snapshot
  } catch (cause) {
    const why = stateOf(path)
    throw new CliError(`--snapshot: ${path} ${UNREADABLE[why]}`, { cause })
  }
  if (snapshot?.snapshotVersion !== 1)
    throw new CliError(`--snapshot: ${path} is not a snapshot of this version`)
  const trigger = { source: 'cli', alarm: null } as const
  try {
    return diagnoseSnapshot(snapshot, {
      id: `dx-snapshot`,
      createdAt: snapshot.takenAt,
      language,
      trigger,
      stats: { ...snapshot.cost, durationMs: 0 },
      expected,
    })
  } catch (cause) {
    throw new CliError(`--snapshot: ${path} is incomplete; save it again with --save-snapshot`, { cause })
  }
}

/** To one receiver at a time: a bot that is over its rate is asked again by so many, not by a whole storm. */
const MESSAGES_ABREAST = 4

async function serveCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { host: { type: 'string', default: '0.0.0.0' }, port: { type: 'string', default: '9000' } },
  })
  const port = /^\d+$/.test(values.port) ? Number(values.port) : Number.NaN
  if (!(port <= 65535)) throw new CliError('--port must be 0 to 65535')
  const config = loadConfig(io.env, loadExpected(HERE))
  const log = jsonLog(io.err, Date.now)
  const context = createContext(config, log, { abreast: MESSAGES_ABREAST })
  if (config.receivers.length === 0)
    log.warn('CLB_DOCTOR_SINKS is empty: diagnoses of alarms go to this log only')
  if (config.alarmToken === null)
    log.warn('CLB_DOCTOR_ALARM_TOKEN is not set: alarms are accepted from loopback only')
  let server: Awaited<ReturnType<typeof serve>>
  try {
    server = await serve(context, { host: values.host, port })
  } catch (error) {
    context.close()
    throw new CliError(
      `cannot listen on ${values.host}:${port}: ${error instanceof Error ? error.message : error}`,
    )
  }
  await io.untilStopped()
  log.info('stopping: finishing the alarms that were taken')
  await server.stop()
  context.close()
  return EXIT.healthy
}
