import { loadConfig } from '../app/config.ts'
import { createContext } from '../app/create.ts'
import { jsonLog } from '../app/log.ts'
import { lookupFailureText } from '../app/lookup-failure.ts'
import { renderAs } from '../app/rendering.ts'
import { InterruptedError, type Progress, type ScanQuestion, scan } from '../app/scan.ts'
import { SCAN_FORMATS } from '../model/formats.ts'
import type { Language } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import type { Scan } from '../model/scan.ts'
import { clipColumns, widthOf } from '../text/index.ts'
import { isDelivered, loadExpectedHere } from './files.ts'
import { CliError, EXIT, exitFor, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.scan

const optionsOf = (language: Language) => {
  const option = optionsIn(language)
  return {
    format: option.format(SCAN_FORMATS),
    lang: option.language,
    region: option.regions(true),
    'all-regions': option.flag,
    output: option.outputFile('output'),
  }
}

/**
 * `clb-doctor scan`: diagnoses every CLB of the regions. The first SIGINT stops reading and prints what is known so far.
 * The second ends the process. Returns the exit status.
 */
export async function scanCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { options, names } = read(args, optionsOf(language), language)
  if (names.length > 0) throw new CliError(WORDS.noClb[language])
  if (options['all-regions'] && options.region.length > 0) throw new CliError(WORDS.bothRegions[language])
  const config = loadConfig(io.env, loadExpectedHere(io))
  const asked = options['all-regions'] ? ('all' as const) : regionsOf(options.region, config.region)
  if (asked.length === 0) throw new CliError(WORDS.noRegion[language])

  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(config, log)
  try {
    const question: ScanQuestion = { regions: asked, source: 'cli', language }
    const stop = new AbortController()
    void io.untilStopped().then(() => stop.abort(new InterruptedError('interrupted')))
    const found = await scan(question, context, stop.signal, bar(io, language))
    io.status(null)
    if (found.lookupFailure) {
      io.err(`clb-doctor: ${lookupFailureText(found.lookupFailure, 'cli', language)}\n`)
      return found.lookupFailure.kind === 'unknown-region' ? EXIT.misused : EXIT.inconclusive
    }
    const skipped = found.scan.regions.filter(({ state }) => state === 'unsupported')
    if (skipped.length > 0)
      io.err(`clb-doctor: ${WORDS.skipped[language]} ${skipped.map(({ region }) => region).join(' ')}\n`)
    const screen = { color: io.color && options.output === undefined, width: io.width }
    const text = await renderAs(options.format, found.scan, screen)
    return isDelivered(io, options.output, text) ? exitOf(found.scan) : EXIT.inconclusive
  } finally {
    context.close()
  }
}

/** A CLB that is healthy and serves nobody counts like a degraded one. */
const exitOf = ({ verdict, loadBalancers }: Scan): number =>
  loadBalancers.some(
    (row) => row.nothingToCheck === undefined && exitFor(row.verdict, row.attention) === EXIT.diagnosed,
  )
    ? EXIT.diagnosed
    : exitFor(verdict)

const regionsOf = (named: readonly string[], configured: string | null): readonly string[] =>
  named.length > 0 ? named : configured === null ? [] : [configured]

const BAR = 24

/** Draws `███████░░░░  431/1000  Ctrl-C stops and shows what is there`, shortened to the width of the terminal. */
function bar({ status, statusWidth }: Io, language: Language): (now: Progress) => void {
  return ({ found, examined }) => {
    // Leave the last column free: some terminals start a new line as soon as it is written.
    const room = statusWidth() - 1
    if (found === null) return status(clipColumns(WORDS.listing[language], room))
    const count = `${examined}/${found}`
    const length = Math.max(0, Math.min(BAR, room - count.length - 2))
    const full = found === 0 ? length : Math.floor((examined / found) * length)
    const line = `${'█'.repeat(full)}${'░'.repeat(length - full)}${length > 0 ? '  ' : ''}${count}`
    const hinted = `${line}  ${WORDS.hint[language]}`
    status(widthOf(hinted) <= room ? hinted : clipColumns(line, room))
  }
}
