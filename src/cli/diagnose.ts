import type * as v from 'valibot'
import { guestFrom, loadConfig, readerFrom } from '../app/config.ts'
import { createContext } from '../app/create.ts'
import { diagnose, type InGuest } from '../app/diagnose.ts'
import { jsonLog } from '../app/log.ts'
import { lookupFailureText } from '../app/lookup-failure.ts'
import { askedFrom } from '../app/reference.ts'
import { renderAs } from '../app/rendering.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import { FORMATS } from '../model/formats.ts'
import { otherBalancer } from '../model/ids.ts'
import type { Language } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import { t } from '../text/index.ts'
import { isDelivered, isWritten, loadExpectedHere } from './files.ts'
import { CliError, EXIT, exitFor, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { diagnosisOf } from './saved.ts'
import { TEXTS } from './texts.ts'

const READ_BUDGET_MS = 120_000

const WORDS = TEXTS.diagnose

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  return {
    'in-guest': option.flag,
    'run-command': option.flag,
    'probe-network': option.flag,
    format: option.format(FORMATS),
    lang: option.language,
    region: option.regions(false),
    vpc: option.vpc,
    listener: option.listener,
    output: option.outputFile('output'),
    'save-snapshot': option.outputFile('save-snapshot'),
    snapshot: option.text,
  }
}
type Options = v.InferOutput<v.ObjectSchema<ReturnType<typeof optionsOf>, undefined>>

/** `clb-doctor diagnose`: diagnoses one CLB, from the API or from a saved snapshot. Returns the exit status. */
export async function diagnoseCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  if (options.region.length > 1) throw new CliError(WORDS.oneRegion[language])
  if (options.output !== undefined && options.output === options['save-snapshot'])
    throw new CliError(WORDS.sameFile[language])
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
  const { language } = io
  if (name === undefined || more.length > 0) throw new CliError(WORDS.oneClb[language])
  const asked = askedFrom(name, options.vpc ?? null)
  if (!asked) {
    const product = name.trim().split('-', 1)[0]?.toUpperCase() ?? ''
    throw new CliError(
      t(otherBalancer(name) === null ? WORDS.noClb : WORDS.otherProduct, { name, product }, language),
    )
  }

  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const inGuest = inGuestOf(options, guestFrom(io.env), language)
  const context = createContext(loadConfig(io.env, loadExpectedHere(io)), log)
  try {
    io.progress(t(WORDS.reading, { name }, language))
    const { diagnosis, snapshot, lookupFailure } = await diagnose(
      {
        clb: asked.clb,
        region: options.region[0] ?? asked.region,
        listenerId: options.listener ?? null,
        language,
        trigger: { source: 'cli', alarm: null },
        inGuest,
        probesNetwork: options['probe-network'],
        onLook: (n) => io.progress(t(WORDS.inside, { n }, language)),
        endsAt: context.clock.now() + READ_BUDGET_MS,
      },
      context,
      AbortSignal.timeout(READ_BUDGET_MS),
    )
    if (lookupFailure && lookupFailure.kind !== 'unreadable') {
      const isVpcDoubtful = lookupFailure.kind === 'unknown-load-balancer' && options.vpc !== undefined
      const hint = isVpcDoubtful ? WORDS.checkVpc[language] : ''
      io.err(`clb-doctor: ${lookupFailureText(lookupFailure, 'cli', language)}${hint}\n`)
      return lookupFailure.kind === 'credentials' || lookupFailure.kind === 'defect'
        ? EXIT.inconclusive
        : EXIT.misused
    }
    const { id = '', vpcId } = diagnosis.loadBalancer ?? {}
    if (vpcId && options.vpc !== undefined && vpcId !== options.vpc) {
      io.err(`clb-doctor: ${t(WORDS.otherVpc, { id, vpcId, asked: options.vpc }, language)}\n`)
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

/** @throws CliError if the options and the configuration do not fit */
function inGuestOf(
  options: Options,
  { inGuest, tatCommand }: ReturnType<typeof guestFrom>,
  language: Language,
): InGuest {
  const isOn = options['in-guest'] || inGuest
  if (options['run-command']) {
    if (!isOn) throw new CliError(WORDS.runAlone[language])
    if (tatCommand !== null) throw new CliError(t(WORDS.runBeside, { command: tatCommand }, language))
    return 'sent'
  }
  if (isOn && tatCommand === null) throw new CliError(WORDS.unregistered[language])
  return isOn ? 'registered' : 'off'
}

/** `--snapshot` refuses these options, because they would have no effect. */
const IDLE = ['vpc', 'listener', 'save-snapshot', 'in-guest', 'run-command', 'probe-network'] as const

function fromFile(path: string, options: Options, names: readonly string[], io: Io): Promise<number> {
  const { language } = io
  if (names.length > 0) throw new CliError(WORDS.clbAndSnapshot[language])
  const idle = options.region.length > 0 ? 'region' : IDLE.find((name) => (options[name] ?? false) !== false)
  if (idle) throw new CliError(t(WORDS.idle, { option: idle }, language))
  const circumstances = { ...readerFrom(io.env), language, expected: loadExpectedHere(io).expected }
  return print(diagnosisOf(path, circumstances), options, io)
}
