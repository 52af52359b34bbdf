import type * as v from 'valibot'
import { type Config, loadConfig } from '../app/config.ts'
import { ConfigError } from '../app/config-error.ts'
import { createContext } from '../app/create.ts'
import { diagnose } from '../app/diagnose.ts'
import {
  createCommandLine,
  type GuestScript,
  guestScriptOf,
  type NamedPool,
  type NamedTarget,
  type PodForms,
  type ScriptAnswer,
} from '../app/guest-script.ts'
import { jsonLog } from '../app/log.ts'
import { lookupFailureText } from '../app/lookup-failure.ts'
import { askedFrom } from '../app/reference.ts'
import { parseId } from '../model/ids.ts'
import { bareHost, parseIp } from '../model/ip.ts'
import type { Language } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { quote } from '../model/shell.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { t } from '../text/index.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { snapshotIn } from './saved.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.guestScript
const READ_BUDGET_MS = 120_000

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  return {
    register: option.flag,
    windows: option.flag,
    lang: option.language,
    region: option.regions(false),
    vpc: option.vpc,
    listener: option.listener,
    rule: option.text,
    snapshot: option.text,
  }
}
type Options = v.InferOutput<v.ObjectSchema<ReturnType<typeof optionsOf>, undefined>>

/** `clb-doctor guest-script`: the read-only probe for one backend, ready to paste. Returns the exit status. */
export async function guestScriptCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  if (options.region.length > 1) throw new CliError(TEXTS.diagnose.oneRegion[language])
  if (options.register) return register(options, names, io)
  const [target, ...more] = options.snapshot === undefined ? names.slice(1) : names
  if (target === undefined || more.length > 0) throw new CliError(WORDS.twoNames[language])
  const named = targetFrom(target)
  if (named === null) throw new CliError(t(WORDS.noTarget, { given: target }, language))
  const snapshot =
    options.snapshot === undefined
      ? await fromApi(names[0] ?? '', options, io)
      : fromFile(options.snapshot, options, language)
  if (typeof snapshot === 'number') return snapshot
  const { windows: isWindows, listener: listenerId = null, rule = null } = options
  return print(guestScriptOf(snapshot, { named, listenerId, rule, isWindows }), target, options, io)
}

function register(options: Options, names: readonly string[], io: Io): number {
  const { vpc, listener, rule, snapshot, windows } = options
  const isAlone =
    names.length === 0 && [vpc, listener, rule, snapshot].every((one) => one === undefined) && !windows
  if (!isAlone) throw new CliError(WORDS.registerAlone[io.language])
  // Registering needs no credentials, so the rest of the configuration may be missing.
  const region = options.region[0] ?? parseRegionOrCode(io.env.TENCENTCLOUD_REGION ?? '')
  if (region === null) throw new CliError(WORDS.registerRegion[io.language])
  io.out(`${createCommandLine(region)}\n`)
  io.err(`clb-doctor: ${WORDS.register[io.language]}\n`)
  return EXIT.healthy
}

/** `10.0.1.16:8080`, `[2001:db8::1]:8080`, an address alone, or a machine. Null for anything else. */
function targetFrom(given: string): NamedTarget | null {
  const instanceId = parseId(given, 'ins')
  if (instanceId !== null) return { instanceId }
  const alone = parseIp(bareHost(given))
  if (alone !== null) return { ip: alone, port: null }
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(given.trim()) ?? []
  const ip = parseIp(bareHost(host))
  return ip === null || Number(port) > 65_535 ? null : { ip, port: Number(port) }
}

/** A snapshot needs no keys. */
function configIn({ env, language }: Io): Config {
  try {
    return loadConfig(env)
  } catch (error) {
    if (!(error instanceof ConfigError) || !KEYS.has(error.variable)) throw error
    throw new CliError(t(WORDS.noKeys, { why: error.inLanguage(language) }, language), { cause: error })
  }
}

const KEYS: ReadonlySet<string> = new Set(['TENCENTCLOUD_SECRETID', 'TENCENTCLOUD_SECRETKEY'])

/** The exit status, if the CLB could not be read. */
async function fromApi(name: string, options: Options, io: Io): Promise<Snapshot | number> {
  const { language } = io
  const asked = askedFrom(name, options.vpc ?? null)
  if (!asked) throw new CliError(t(TEXTS.diagnose.noClb, { name }, language))
  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(configIn(io), log)
  try {
    io.progress(t(WORDS.reading, { name }, language))
    const { snapshot, lookupFailure } = await diagnose(
      {
        clb: asked.clb,
        region: options.region[0] ?? asked.region,
        language,
        trigger: { source: 'cli', alarm: null },
      },
      context,
      AbortSignal.timeout(READ_BUDGET_MS),
    )
    if (snapshot !== null) return snapshot
    if (lookupFailure) io.err(`clb-doctor: ${lookupFailureText(lookupFailure, 'cli', language)}\n`)
    const isMisused =
      lookupFailure !== null && !['unreadable', 'credentials', 'defect'].includes(lookupFailure.kind)
    return isMisused ? EXIT.misused : EXIT.inconclusive
  } finally {
    context.close()
  }
}

function fromFile(path: string, options: Options, language: Language): Snapshot {
  const idle = options.region.length > 0 ? 'region' : options.vpc === undefined ? null : 'vpc'
  if (idle !== null) throw new CliError(t(WORDS.idle, { option: idle }, language))
  return snapshotIn(path, language)
}

function print(answer: ScriptAnswer, given: string, options: Options, io: Io): number {
  const { language } = io
  switch (answer.kind) {
    case 'script': {
      io.out(answer.script.text)
      const hints = hintsFor(answer.script, options, language)
      io.err(hints.map((hint) => `${hint}\n`).join(''))
      return EXIT.healthy
    }
    case 'no-pool': {
      const { listener } = options
      const where =
        listener === undefined ? WORDS.ofClb[language] : t(WORDS.ofListener, { listener }, language)
      io.err(`clb-doctor: ${t(WORDS.noPool, { where }, language)}\n`)
      return EXIT.inconclusive
    }
    case 'no-target':
      throw new CliError(
        answer.count === 0
          ? t(WORDS.unknownNone, { given }, language)
          : t(WORDS.unknown, { given, some: answer.some, count: answer.count }, language),
      )
    case 'several':
      throw new CliError(t(WORDS.several, { given, endpoints: answer.endpoints }, language))
    case 'no-rule':
      throw new CliError(
        answer.pools.length === 0
          ? WORDS.noRules[language]
          : t(WORDS.noRule, { given: options.rule ?? '', rules: listOf(answer.pools) }, language),
      )
    case 'several-checks':
      throw new CliError(
        t(WORDS.severalChecks, { endpoint: answer.endpoint, checks: listOf(answer.pools) }, language),
      )
    case 'service':
      throw new CliError(t(WORDS.service, { endpoint: answer.endpoint }, language))
  }
}

const listOf = (pools: readonly NamedPool[]): readonly string[] =>
  pools.map(({ name, option }) => `${option} (${name})`)

/** What to do with the script. The script alone goes to stdout. */
function hintsFor(
  { endpoint, pool, others, forms, fromCluster, isWindows, judgeOptions }: GuestScript,
  { snapshot: file }: Options,
  language: Language,
): readonly string[] {
  if (isWindows) return [t(WORDS.windows, { endpoint }, language)]
  const where = { endpoint, pool: pool.name }
  return [
    t(forms === null ? WORDS.asRoot : forms.onNode ? WORDS.onPodNode : WORDS.inCluster, where, language),
    ...(forms === null ? [] : podHints(forms, language)),
    ...(fromCluster === null ? [] : [WORDS.fromCluster[language], `  ${fromCluster}`]),
    ...(others.length === 0 ? [] : [t(WORDS.others, { others: listOf(others) }, language)]),
    judgeHint(file, judgeOptions, language),
  ]
}

/** Other first lines: in a shell on the node, in the pod, for a pod without a shell, in the pod's network. */
function podHints({ onNode, exec, debug, node }: PodForms, language: Language): readonly string[] {
  return [
    ...(onNode === null
      ? []
      : [WORDS.nodeLogin[language], `  ${onNode}`, WORDS.inPod[language], `  ${exec}`]),
    WORDS.noShell[language],
    `  ${debug}`,
    WORDS.onNode[language],
    `  ${node}`,
  ]
}

/** With a snapshot it judges against the real check. Some checks need one. */
function judgeHint(file: string | undefined, judgeOptions: string | null, language: Language): string {
  if (file !== undefined)
    return t(WORDS.judge, { command: `clb-doctor guest-judge - --snapshot ${quote(file)}` }, language)
  return judgeOptions === null
    ? WORDS.judgeSaved[language]
    : t(WORDS.judge, { command: `clb-doctor guest-judge - ${judgeOptions}` }, language)
}
