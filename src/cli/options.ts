import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { parseId } from '../model/ids.ts'
import { LANGUAGES, parseLanguage } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'
import { whyNotWritable } from './files.ts'
import { CliError } from './io.ts'

const TEXT = { type: 'string' } as const
const LIST = { type: 'string', multiple: true } as const
const FLAG = { type: 'boolean' } as const

/** Every option of every command, in the form that `parseArgs` takes. */
const ARGUMENTS = {
  region: LIST,
  'all-regions': FLAG,
  listener: TEXT,
  vpc: TEXT,
  format: TEXT,
  lang: TEXT,
  output: TEXT,
  snapshot: TEXT,
  'save-snapshot': TEXT,
  'in-guest': FLAG,
  host: TEXT,
  port: TEXT,
  list: FLAG,
  keep: FLAG,
  verbose: FLAG,
} as const

type Option = keyof typeof ARGUMENTS
type Entries = Readonly<Record<string, v.GenericSchema>> & { readonly [Name in Option]?: v.GenericSchema }

// Schemas of the options that several commands share.

export const flag = v.optional(v.boolean(), false)

export const text = v.optional(v.string())

export const language = v.optional(parsed(parseLanguage, `--lang must be ${LANGUAGES.join(' or ')}`))

/** `hint` is added to the error message: how to name more than one region. */
export const regions = (hint = '') =>
  v.optional(
    v.array(
      parsed(
        parseRegionOrCode,
        (given) => `--region: "${given}" is not a region; write one such as ap-guangzhou${hint}`,
      ),
    ),
    [],
  )

export const vpc = v.optional(
  parsed(
    (given) => parseId(given, 'vpc'),
    (given) => `--vpc: "${given}" is not a VPC id such as vpc-1ywqac83`,
  ),
)

export const listener = v.optional(
  parsed(
    (given) => parseId(given, 'lbl'),
    (given) => `--listener: "${given}" is not a listener id such as lbl-a1b2c3d4`,
  ),
)

export const format = <const F extends readonly ['text', ...string[]]>(formats: F) =>
  v.optional(v.picklist(formats, `--format must be one of ${formats.join(', ')}`), 'text')

/** A file to write. It is checked before the API is called, so that the result cannot be lost. */
export const outputFile = (option: Option) =>
  v.optional(
    v.pipe(
      v.string(),
      v.rawCheck(({ dataset, addIssue }) => {
        const why = dataset.typed ? whyNotWritable(dataset.value) : null
        if (why !== null) addIssue({ message: `--${option}: ${why}` })
      }),
    ),
  )

const PORT = /^\d+$/
const parsePort = (given: string): number | null =>
  PORT.test(given) && Number(given) <= 65_535 ? Number(given) : null

export const port = v.optional(parsed(parsePort, '--port must be 0 to 65535'), '9000')

/**
 * Parses the options of one command. `names` holds the arguments that are not options.
 * @throws CliError for the first option with a wrong value; `parseArgs` itself throws for an unknown option
 */
export function read<const E extends Entries>(
  args: readonly string[],
  entries: E,
): { readonly options: v.InferOutput<v.ObjectSchema<E, undefined>>; readonly names: readonly string[] } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: Object.fromEntries(Object.entries(ARGUMENTS).filter(([name]) => name in entries)),
  })
  const result = v.safeParse(v.object(entries), values, { abortEarly: true })
  if (!result.success) throw new CliError(result.issues[0].message)
  return { options: result.output, names: positionals }
}
