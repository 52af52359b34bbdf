import { parseArgs } from 'node:util'
import { isRegion, languageFrom, loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { jsonLog } from '../app/log.ts'
import { obstacleText } from '../app/lookup-failure.ts'
import {
  InterruptedError,
  type Progress,
  renderScanAs,
  type ScanFormat,
  type ScanQuestion,
  scan,
} from '../app/scan.ts'
import type { Language } from '../model/language.ts'
import { silentLog } from '../model/log.ts'
import { clipColumns, widthOf } from '../text/width.ts'
import { isDelivered, loadExpectedHere, mustBeWritable } from './files.ts'
import { CliError, EXIT, exitFor, type Io } from './io.ts'

const FORMATS: readonly ScanFormat[] = ['text', 'json', 'html']

/** Every CLB of the regions. The first SIGINT stops the reading and prints what is there; the second ends at once. */
export async function scanCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      region: { type: 'string', multiple: true, default: [] },
      'all-regions': { type: 'boolean', default: false },
      format: { type: 'string', default: 'text' },
      lang: { type: 'string' },
      output: { type: 'string' },
    },
  })
  if (positionals.length > 0)
    throw new CliError('scan takes regions, not CLBs; for one CLB write clb-doctor diagnose <lb-id | vip>')
  const format = FORMATS.find((name) => name === values.format)
  if (!format) throw new CliError(`--format must be one of ${FORMATS.join(', ')}`)
  const language = values.lang === undefined ? undefined : languageFrom(values.lang)
  if (values.lang !== undefined && !language) throw new CliError('--lang must be zh-CN or en')
  const strange = values.region.find((region) => !isRegion(region))
  if (strange !== undefined)
    throw new CliError(
      `--region: "${strange}" is not a region; write one such as ap-guangzhou, and --region again for another`,
    )
  if (values['all-regions'] && values.region.length > 0)
    throw new CliError('--all-regions includes every --region; leave one of the two out')
  mustBeWritable('output', values.output)
  const expected = loadExpectedHere(io)
  const config = loadConfig(io.env, expected)
  const regions = values['all-regions'] ? ('all' as const) : regionsOf(values.region, config.region)
  if (regions.length === 0)
    throw new CliError(
      'no region to scan: write --region ap-guangzhou (again for more) or --all-regions, or set TENCENTCLOUD_REGION',
    )

  const log = { ...silentLog, error: jsonLog(io.err, Date.now).error }
  const context = createContext(config, log)
  const said = language ?? config.language
  try {
    const question: ScanQuestion = { regions, source: 'cli', language: said }
    const stop = new AbortController()
    void io.untilStopped().then(() => stop.abort(new InterruptedError('interrupted')))
    const found = await scan(question, context, stop.signal, bar(io, said))
    io.status(null)
    if (found.lookupFailure) {
      io.err(`clb-doctor: ${obstacleText(found.lookupFailure, said)}\n`)
      return found.lookupFailure.kind === 'unknown-region' ? EXIT.misused : EXIT.inconclusive
    }
    const skipped = found.scan.regions.filter(({ state }) => state === 'unsupported')
    if (skipped.length > 0)
      io.err(`clb-doctor: ${SKIPPED[said]} ${skipped.map(({ region }) => region).join(' ')}\n`)
    const screen = { color: io.color && values.output === undefined, width: io.width }
    const text = renderScanAs(format, found.scan, screen)
    return isDelivered(io, values.output, text) ? exitFor(found.scan.verdict) : EXIT.inconclusive
  } finally {
    context.close()
  }
}

const regionsOf = (named: readonly string[], configured: string | null): readonly string[] =>
  named.length > 0 ? named : configured === null ? [] : [configured]

const SKIPPED: Readonly<Record<Language, string>> = {
  'zh-CN': '跳过没有负载均衡产品的地域：',
  en: 'skipped, as CLB is not sold there:',
}

const LISTING: Readonly<Record<Language, string>> = {
  'zh-CN': '正在读取负载均衡列表和健康状态 …',
  en: 'reading the lists of CLBs and their health …',
}

const HINT: Readonly<Record<Language, string>> = {
  'zh-CN': 'Ctrl-C 停止并显示已有结果',
  en: 'Ctrl-C stops and shows what is there',
}

const BAR = 24

/** `███████░░░░  431/1000  Ctrl-C stops and shows what is there`, as much of it as the terminal has room for. */
function bar({ status, statusWidth }: Io, language: Language): (now: Progress) => void {
  return ({ found, examined }) => {
    // In its last column a terminal may begin the next line.
    const room = statusWidth() - 1
    if (found === null) return status(clipColumns(LISTING[language], room))
    const count = `${examined}/${found}`
    const length = Math.max(0, Math.min(BAR, room - count.length - 2))
    const full = found === 0 ? length : Math.floor((examined / found) * length)
    const line = `${'█'.repeat(full)}${'░'.repeat(length - full)}${length > 0 ? '  ' : ''}${count}`
    const hinted = `${line}  ${HINT[language]}`
    status(widthOf(hinted) <= room ? hinted : clipColumns(line, room))
  }
}
