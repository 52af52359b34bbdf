import { readFileSync } from 'node:fs'
import type * as v from 'valibot'
import { loadConfig, readerIn } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { type Circumstances, diagnose, diagnoseSnapshot, renderAs } from '../app/diagnose.ts'
import { jsonLog } from '../app/log.ts'
import { lookupFailureText } from '../app/lookup-failure.ts'
import { askedFrom } from '../app/reference.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import { FORMATS } from '../model/formats.ts'
import { otherBalancer } from '../model/ids.ts'
import { silentLog } from '../model/log.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { t } from '../text/index.ts'
import { isDelivered, isWritten, loadExpectedHere, stateOf } from './files.ts'
import { CliError, EXIT, exitFor, type Io } from './io.ts'
import * as option from './options.ts'
import { TEXTS } from './texts.ts'

const READ_BUDGET_MS = 120_000

const OPTIONS = {
  'in-guest': option.flag,
  format: option.format(FORMATS),
  lang: option.language,
  region: option.regions(),
  vpc: option.vpc,
  listener: option.listener,
  output: option.outputFile('output'),
  'save-snapshot': option.outputFile('save-snapshot'),
  snapshot: option.text,
}
type Options = v.InferOutput<v.ObjectSchema<typeof OPTIONS, undefined>>

/** `clb-doctor diagnose`: diagnoses one CLB, from the API or from a saved snapshot. Returns the exit status. */
export async function diagnoseCommand(args: readonly string[], io: Io): Promise<number> {
  const { options, names } = option.read(args, OPTIONS)
  if (options['in-guest'])
    throw new CliError('--in-guest: the in-guest probe is not available in this version')
  if (options.region.length > 1) throw new CliError('--region: name one; a CLB is in one region')
  if (options.output !== undefined && options.output === options['save-snapshot'])
    throw new CliError('--output and --save-snapshot name the same file; write two')
  return options.snapshot === undefined
    ? fromApi(options, names, io)
    : fromFile(options.snapshot, options, names, io)
}

async function print(diagnosis: Diagnosis, { format, output }: Options, io: Io): Promise<number> {
  const screen = { color: io.color && output === undefined, width: io.width }
  return isDelivered(io, output, await renderAs(format, diagnosis, screen))
    ? exitFor(diagnosis.verdict, diagnosis.attention)
    : EXIT.inconclusive
}

async function fromApi(options: Options, [name, ...more]: readonly string[], io: Io): Promise<number> {
  if (name === undefined || more.length > 0)
    throw new CliError(
      'name one CLB: clb-doctor diagnose <lb-id | vip | domain | name | console address> [--region ap-guangzhou]',
    )
  const asked = askedFrom(name, options.vpc ?? null)
  if (!asked)
    throw new CliError(
      otherBalancer(name) ??
        `"${name}" is neither a CLB id (lb-7dpmqwcu) nor an IP address, a CLB's domain, its name or its address in the console`,
    )

  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(loadConfig(io.env, loadExpectedHere(io)), log)
  const language = options.lang ?? context.config.language
  try {
    io.progress(`reading ${name} …`)
    const { diagnosis, snapshot, lookupFailure } = await diagnose(
      {
        clb: asked.clb,
        region: options.region[0] ?? asked.region,
        listenerId: options.listener ?? null,
        language,
        trigger: { source: 'cli', alarm: null },
      },
      context,
      AbortSignal.timeout(READ_BUDGET_MS),
    )
    if (lookupFailure && lookupFailure.kind !== 'unreadable') {
      const isVpcDoubtful = lookupFailure.kind === 'unknown-load-balancer' && options.vpc !== undefined
      const hint = isVpcDoubtful ? TEXTS.checkVpc[language] : ''
      io.err(`clb-doctor: ${lookupFailureText(lookupFailure, language)}${hint}\n`)
      return lookupFailure.kind === 'credentials' || lookupFailure.kind === 'defect'
        ? EXIT.inconclusive
        : EXIT.misused
    }
    const { id = '', vpcId } = diagnosis.loadBalancer ?? {}
    if (vpcId && options.vpc !== undefined && vpcId !== options.vpc) {
      io.err(`clb-doctor: ${t(TEXTS.otherVpc, { id, vpcId, asked: options.vpc }, language)}\n`)
      return EXIT.misused
    }
    const file = options['save-snapshot']
    const isSaved =
      file === undefined ||
      snapshot === null ||
      isWritten(io, 'save-snapshot', file, `${JSON.stringify(snapshot, null, 2)}\n`)
    const status = await print(diagnosis, options, io)
    return isSaved ? status : EXIT.inconclusive
  } finally {
    context.close()
  }
}

const UNREADABLE = {
  missing: 'does not exist',
  directory: 'is a directory',
  file: 'cannot be read as JSON',
} as const

/** `--snapshot` refuses these options, because they would have no effect. */
const IDLE = ['vpc', 'listener', 'save-snapshot'] as const

function fromFile(path: string, options: Options, names: readonly string[], io: Io): Promise<number> {
  if (names.length > 0) throw new CliError('--snapshot holds the CLB; leave its id out')
  const idle = options.region.length > 0 ? 'region' : IDLE.find((name) => options[name] !== undefined)
  if (idle) throw new CliError(`--${idle} has no effect beside --snapshot; leave it out`)
  const reader = readerIn(io.env)
  const circumstances = {
    ...reader,
    language: options.lang ?? reader.language,
    expected: loadExpectedHere(io),
  }
  return print(diagnosisOf(path, circumstances), options, io)
}

/** Diagnoses a saved snapshot again. A user who reports a wrong diagnosis attaches it; it can become a test. */
function diagnosisOf(
  path: string,
  circumstances: Pick<Circumstances, 'language' | 'timeZone' | 'console' | 'expected'>,
): Diagnosis {
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
      trigger,
      stats: { ...snapshot.cost, durationMs: 0 },
      ...circumstances,
    })
  } catch (cause) {
    throw new CliError(`--snapshot: ${path} is incomplete; save it again with --save-snapshot`, { cause })
  }
}
