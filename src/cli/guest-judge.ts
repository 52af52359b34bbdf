import * as v from 'valibot'
import {
  type AskedCheck,
  answerText,
  type ClusterEvaluated,
  clusterText,
  codesIn,
  type Evaluated,
  evaluateCluster,
  evaluateClusterInSnapshot,
  evaluateInSnapshot,
  evaluateReport,
  type GuestAnswer,
  type GuestQuestion,
  sourceIn,
  targetIn,
} from '../app/guest-judge/index.ts'
import type { GuestReport } from '../model/guest.ts'
import type { Language } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { TextError } from '../model/text-error.ts'
import { mark, t } from '../text/index.ts'
import { type GuestInput, guestInput } from './guest-input.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { snapshotIn } from './saved.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.guestJudge
const CHECKS = ['tcp', 'http', 'https', 'ping'] as const
const METHODS = ['GET', 'HEAD'] as const
/** Options that the snapshot answers. */
const OF_CHECK = ['check', 'path', 'host', 'method', 'codes', 'timeout'] as const
const MOST_SECONDS = 60

const parseSeconds = (text: string): number | null =>
  /^\d{1,2}(?:\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= MOST_SECONDS ? Number(text) : null

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  const oneOf = (name: string, values: readonly string[]) =>
    t(TEXTS.options.oneOf, { option: name, values }, language)
  return {
    target: v.optional(parsed(targetIn, (given) => t(WORDS.target, { given }, language))),
    source: v.optional(v.array(parsed(sourceIn, (given) => t(WORDS.source, { given }, language))), []),
    check: v.optional(v.picklist(CHECKS, oneOf('check', CHECKS))),
    path: v.optional(v.pipe(v.string(), v.startsWith('/', WORDS.path[language]))),
    host: option.text,
    method: v.optional(v.pipe(v.string(), v.toUpperCase(), v.picklist(METHODS, oneOf('method', METHODS)))),
    codes: v.optional(parsed(codesIn, () => WORDS.codes[language])),
    timeout: v.optional(parsed(parseSeconds, () => t(WORDS.timeout, { most: MOST_SECONDS }, language))),
    snapshot: option.text,
    format: option.format(['text', 'json']),
    lang: option.language,
  }
}

type Options = v.InferOutput<v.ObjectSchema<ReturnType<typeof optionsOf>, undefined>>

/** `clb-doctor guest-judge <FILE | DIR | ->`: what the probes meet on a machine. Returns the exit status (contract 8). */
export async function guestJudgeCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  const [path, extra] = names
  if (path === undefined) throw new CliError(WORDS.noInput[language])
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  const idle = OF_CHECK.find((name) => options.snapshot !== undefined && options[name] !== undefined)
  if (idle !== undefined) throw new CliError(t(TEXTS.diagnose.idle, { option: idle }, language))
  const input = await guestInput(path, io)
  if (input.kind === 'json') return clusterAnswer(input, path, options, io)
  const evaluated = evaluate(input.report, options, io)
  if (evaluated.refusal !== null) throw new CliError(t(WORDS.refusals[evaluated.refusal], { path }, language))
  const { others = [] } = evaluated
  const all = [evaluated, ...others]
  const whole = {
    ...evaluated.answer,
    ...(others.length > 0 ? { others: others.map(({ answer }) => answer) } : {}),
  }
  io.out(
    options.format === 'json'
      ? `${JSON.stringify(whole, null, 2)}\n`
      : all.map(({ answer, check }) => answerText(answer, check, language)).join('\n'),
  )
  return worstOf(all.map(({ answer }) => exitOf(answer)))
}

/** What kubectl printed: an object for `--target` or a snapshot, else a list with one for each port of a Service. */
function clusterAnswer(
  { json, at }: Extract<GuestInput, { kind: 'json' }>,
  path: string,
  options: Options,
  { language, out }: Io,
): number {
  const idle = OF_CHECK.find((name) => options[name] !== undefined)
  if (idle !== undefined) throw new CliError(t(WORDS.ofCheck, { option: idle }, language))
  const question = {
    json,
    at,
    target: options.target ?? null,
    sources: options.source.length === 0 ? null : options.source,
    language,
  }
  const evaluated = clusterEvaluated(question, path, options, language)
  if (evaluated.refusal !== null)
    throw new CliError(t(WORDS.clusterRefusals[evaluated.refusal], { path }, language))
  const { answers } = evaluated
  const isOne = options.target !== undefined || options.snapshot !== undefined
  out(
    options.format === 'json'
      ? `${JSON.stringify(isOne ? answers[0] : answers, null, 2)}\n`
      : answers.map((answer) => clusterText(answer, language)).join('\n'),
  )
  if (answers.some(({ findings }) => findings.length > 0)) return EXIT.diagnosed
  return worstOf(answers.map(exitOf))
}

function clusterEvaluated(
  question: Parameters<typeof evaluateCluster>[0],
  path: string,
  { snapshot }: Options,
  language: Language,
): ClusterEvaluated {
  try {
    return snapshot === undefined
      ? evaluateCluster(question)
      : evaluateClusterInSnapshot(question, snapshotIn(snapshot, language))
  } catch (error) {
    if (!(error instanceof TextError)) throw error
    throw new CliError(`${path}${mark('colon', language)}${error.inLanguage(language)}`, { cause: error })
  }
}

function evaluate(report: GuestReport, options: Options, { language }: Io): Evaluated {
  const check: AskedCheck = {
    kind: options.check ?? null,
    path: options.path ?? null,
    host: options.host ?? null,
    method: options.method ?? null,
    codes: options.codes ?? null,
    timeoutSeconds: options.timeout ?? null,
  }
  const question: GuestQuestion = {
    report,
    target: options.target ?? null,
    sources: options.source.length === 0 ? null : options.source,
    check,
    language,
  }
  return options.snapshot === undefined
    ? evaluateReport(question)
    : evaluateInSnapshot(question, snapshotIn(options.snapshot, language))
}

/** One that is stopped stands before one that cannot be told. */
const worstOf = (exits: readonly number[]): number =>
  exits.includes(EXIT.diagnosed) ? EXIT.diagnosed : Math.max(...exits)

function exitOf({ outcomes }: GuestAnswer): number {
  const isWrong = outcomes.some(({ outcome }) => outcome !== 'ok' && outcome !== 'unknown')
  if (isWrong) return EXIT.diagnosed
  return outcomes.some(({ outcome }) => outcome === 'unknown') ? EXIT.inconclusive : EXIT.healthy
}
