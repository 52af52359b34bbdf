import * as v from 'valibot'
import { readerFrom } from '../app/config.ts'
import { DEFAULT_IN_PAGE, MOST_IN_PAGE } from '../app/incidents/history.ts'
import {
  type IncidentSource,
  openIncidents,
  ReadingError,
  renderIncidents,
  SERVE_URL,
} from '../app/incidents/source.ts'
import type { IncidentDetails, IncidentPage } from '../model/incident.ts'
import type { Language } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { t } from '../text/index.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.incidents

function parseUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, username, search, hash, origin, pathname } = new URL(text)
  const isBare = username === '' && search === '' && hash === ''
  return /^https?:$/.test(protocol) && isBare ? `${origin}${pathname.replace(/\/+$/, '')}` : null
}

const parseLimit = (text: string): number | null =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_IN_PAGE ? Number(text) : null

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  return {
    open: option.flag,
    format: option.format(['text', 'json']),
    lang: option.language,
    before: v.optional(v.string()),
    url: v.optional(parsed(parseUrl, () => t(WORDS.url, { example: SERVE_URL }, language))),
    limit: v.optional(
      parsed(parseLimit, () => t(WORDS.limit, { most: MOST_IN_PAGE }, language)),
      String(DEFAULT_IN_PAGE),
    ),
  }
}

/** `clb-doctor incidents [ID]`: what `serve` keeps, asked from it or read from its store. Returns the exit status. */
export async function incidentsCommand(args: readonly string[], io: Io): Promise<number> {
  const { language, env } = io
  const { options, names } = read(args, optionsOf(language), language)
  const [id, extra] = names
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  const { timeZone } = readerFrom(env)
  let source: IncidentSource | null = null
  try {
    source = await openIncidents({ env, url: options.url, language })
    const shown =
      id === undefined
        ? await source.page({ limit: options.limit, before: options.before ?? null, isOpen: options.open })
        : await source.details(id)
    if (shown === null) throw new CliError(t(WORDS.unknown, { id: id ?? options.before ?? '' }, language))
    io.out(await written(shown, options.format, { language, timeZone }, io))
    return EXIT.healthy
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error
    io.err(`clb-doctor: ${error.inLanguage(language)}\n`)
    return error.isMisused ? EXIT.misused : EXIT.inconclusive
  } finally {
    await source?.close()
  }
}

async function written(
  shown: IncidentPage | IncidentDetails,
  format: 'text' | 'json',
  reader: { readonly language: Language; readonly timeZone: string | null },
  { color, width }: Io,
): Promise<string> {
  if (format === 'json') return `${JSON.stringify(shown, null, 2)}\n`
  return renderIncidents(shown, { ...reader, createdAt: new Date().toISOString() }, { color, width })
}
