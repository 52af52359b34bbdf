import * as v from 'valibot'
import { loadConfig } from '../app/config.ts'
import { createContext } from '../app/create.ts'
import { jsonLog } from '../app/log.ts'
import { lookupFailureText } from '../app/lookup-failure.ts'
import { askedFrom } from '../app/reference.ts'
import { explainRoute } from '../app/route.ts'
import { deadlineIn } from '../model/clock.ts'
import type { Language } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import type { LookupFailure } from '../model/lookup-failure.ts'
import { ROUTE_SOURCES } from '../model/routing.ts'
import { t } from '../text/index.ts'
import { loadFileHere } from './files.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.route
const READ_BUDGET_MS = 120_000
const FORMATS = ['text', 'json'] as const

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  const source = t(TEXTS.options.oneOf, { option: 'source', values: ROUTE_SOURCES }, language)
  return {
    region: option.regions(false),
    vpc: option.vpc,
    // Of several the last one counts, as for every option.
    source: v.pipe(
      v.optional(v.array(v.string()), ['alarm']),
      v.transform((given) => given.at(-1)),
      v.picklist(ROUTE_SOURCES, source),
    ),
    policy: option.text,
    format: option.format(FORMATS),
    lang: option.language,
  }
}

/** `clb-doctor route <CLB>`: who would be told of it as it is now, by which route, and why. Returns the exit status. */
export async function routeCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  const [name, extra] = names
  if (name === undefined || extra !== undefined) throw new CliError(WORDS.oneClb[language])
  if (options.region.length > 1) throw new CliError(TEXTS.diagnose.oneRegion[language])
  const asked = askedFrom(name, options.vpc ?? null)
  if (!asked) throw new CliError(t(TEXTS.diagnose.noClb, { name }, language))
  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(loadConfig(io.env, loadFileHere(io)), log)
  try {
    io.progress(t(TEXTS.diagnose.reading, { name }, language))
    const { clb, region } = asked
    const { source, policy = null } = options
    const question = { clb, region: options.region[0] ?? region, source, policy, language }
    const answer = await explainRoute(question, context, deadlineIn(READ_BUDGET_MS))
    if (answer.decision === null) {
      io.err(`clb-doctor: ${lookupFailureText(answer.lookupFailure, 'cli', language)}\n`)
      return isUnread(answer.lookupFailure) ? EXIT.inconclusive : EXIT.misused
    }
    io.out(
      options.format === 'json'
        ? `${JSON.stringify(answer.decision, null, 2)}\n`
        : answer.lines.map((line) => `${line}\n`).join(''),
    )
    return answer.decision.unread ? EXIT.inconclusive : EXIT.healthy
  } finally {
    context.close()
  }
}

/** Not for a wrong call: it could not be looked up. */
const isUnread = ({ kind }: LookupFailure): boolean => kind === 'credentials' || kind === 'defect'
