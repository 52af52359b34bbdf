import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { type IdPrefix, parseId } from '../model/ids.ts'
import { LANGUAGES, type Language, parseLanguage, type Text } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { filled, type TextOf, t } from '../text/index.ts'
import { whyNotWritable } from './files.ts'
import { CliError } from './io.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.options

const TEXT = { type: 'string' } as const
const LIST = { type: 'string', multiple: true } as const
const FLAG = { type: 'boolean' } as const

/** Every option of every command, in the form that `parseArgs` takes. */
const ARGUMENTS = {
  before: TEXT,
  region: LIST,
  'all-regions': FLAG,
  listener: TEXT,
  rule: TEXT,
  vpc: TEXT,
  format: TEXT,
  source: LIST,
  policy: TEXT,
  lang: TEXT,
  output: TEXT,
  snapshot: TEXT,
  'save-snapshot': TEXT,
  'in-guest': FLAG,
  register: FLAG,
  windows: FLAG,
  'run-command': FLAG,
  'probe-network': FLAG,
  host: TEXT,
  port: TEXT,
  list: FLAG,
  open: FLAG,
  url: TEXT,
  limit: TEXT,
  target: TEXT,
  check: TEXT,
  path: TEXT,
  method: TEXT,
  codes: TEXT,
  timeout: TEXT,
  keep: FLAG,
  verbose: FLAG,
} as const

type Option = keyof typeof ARGUMENTS
type Entries = Readonly<Record<string, v.GenericSchema>> & { readonly [Name in Option]?: v.GenericSchema }

// Schemas of the options that several commands share. Their messages are in the language of the run.

export const flag = v.optional(v.boolean(), false)

export const text = v.optional(v.string())

const idOf = (text: TextOf<'given'>, option: string, prefix: IdPrefix, reader: Language) =>
  v.optional(
    parsed(
      (given) => parseId(given, prefix),
      (given) => `--${option}: ${t(text, { given }, reader)}`,
    ),
  )

/** The options of a run in one language. */
export const optionsIn = (reader: Language) => ({
  flag,
  text,

  language: v.optional(
    parsed(parseLanguage, () => t(WORDS.oneOf, { option: 'lang', values: LANGUAGES }, reader)),
  ),

  /** `isSeveral`: the error message says how to name more than one region. */
  regions: (isSeveral: boolean) =>
    v.optional(
      v.array(
        parsed(
          parseRegionOrCode,
          (given) =>
            `--region: ${t(WORDS.noRegion, { given }, reader)}${isSeveral ? WORDS.oneMore[reader] : ''}`,
        ),
      ),
      [],
    ),

  vpc: idOf(WORDS.noVpc, 'vpc', 'vpc', reader),
  listener: idOf(WORDS.noListener, 'listener', 'lbl', reader),

  format: <const F extends readonly ['text', ...string[]]>(formats: F) =>
    v.optional(v.picklist(formats, t(WORDS.oneOf, { option: 'format', values: formats }, reader)), 'text'),

  /** A file to write. It is checked before the API is called, so that the result cannot be lost. */
  outputFile: (option: Option) =>
    v.optional(
      v.pipe(
        v.string(),
        v.rawCheck(({ dataset, addIssue }) => {
          const why = dataset.typed ? whyNotWritable(dataset.value, reader) : null
          if (why !== null) addIssue({ message: `--${option}: ${why}` })
        }),
      ),
    ),

  port: v.optional(
    parsed(parsePort, () => WORDS.port[reader]),
    '9000',
  ),
})

const PORT = /^\d+$/
const parsePort = (given: string): number | null =>
  PORT.test(given) && Number(given) <= 65_535 ? Number(given) : null

/**
 * Parses the options of one command. `names` holds the arguments that are not options.
 * @throws CliError for the first option that is unknown or has a wrong value
 */
export function read<const E extends Entries>(
  args: readonly string[],
  entries: E,
  reader: Language,
): { readonly options: v.InferOutput<v.ObjectSchema<E, undefined>>; readonly names: readonly string[] } {
  const { values, positionals } = argumentsIn(args, entries, reader)
  const result = v.safeParse(v.object(entries), values, { abortEarly: true })
  if (!result.success) throw new CliError(result.issues[0].message)
  return { options: result.output, names: positionals }
}

function argumentsIn(args: readonly string[], entries: Entries, reader: Language) {
  try {
    return parseArgs({
      args: withNegatives(args),
      allowPositionals: true,
      options: Object.fromEntries(Object.entries(ARGUMENTS).filter(([name]) => name in entries)),
    })
  } catch (error) {
    if (isUsage(error)) throw new CliError(usageText(error)[reader], { cause: error })
    throw error
  }
}

/** `--port -1` as `--port=-1`: otherwise Node takes the number for an option, and its reader would not learn what is allowed. */
const withNegatives = (args: readonly string[]): string[] =>
  args.flatMap((arg, i) => {
    if (/^-\d/.test(arg) && isBareOption(args[i - 1])) return []
    const next = args[i + 1]
    return isBareOption(arg) && next !== undefined && /^-\d/.test(next) ? [`${arg}=${next}`] : [arg]
  })

const isBareOption = (arg: string | undefined): boolean => arg !== undefined && /^--[a-z][a-z-]*$/.test(arg)

interface UsageError extends Error {
  readonly code: string
}

const isUsage = (error: unknown): error is UsageError =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS')

/** Node words its errors in English. The option is the first word that it quotes. */
function usageText({ code, message }: UsageError): Text {
  const quoted = /'([^']+)'/.exec(message)?.[1] ?? ''
  const option = quoted.replace(/^-\w, /, '').split(' ', 1)[0] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return filled(WORDS.unknown, { option })
  return filled(message.includes('does not take') ? WORDS.noValue : WORDS.needsValue, { option })
}
