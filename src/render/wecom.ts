import type { Diagnosis, Verdict } from '../model/diagnosis.ts'
import { untilFor } from '../text/time.ts'
import { colon, fill, labelled } from './messages.ts'
import { clip, oneLine, plainWecom } from './safe.ts'
import { commandsOf, fixLine, type Item, some, type View, viewOf } from './view.ts'

/** UTF-8 bytes that a WeCom markdown message may have; longer ones are refused whole (delivery facts 1.1). */
const LIMIT = 4096

export const COLORS: Readonly<Record<Verdict, 'info' | 'comment' | 'warning'>> = {
  healthy: 'info',
  degraded: 'warning',
  down: 'warning',
  inconclusive: 'comment',
}

/** Lines that are shown or left out together. */
export interface Block {
  readonly lines: readonly string[]
  /** Lower is dropped last; the head is 0, infinity is never shown and only counted. */
  readonly rank: number
  /** How many items it stands for in the count of what is left out. */
  readonly items: number
}

/**
 * A WeCom `markdown` message (v1: headings, bold, links, inline code, quotes, three colours) of at most 4096 bytes. It
 * leads with the verdict; lines are whole, a command is never shortened, and what is left out is counted.
 */
export function renderWecom(diagnosis: Diagnosis): string {
  const view = viewOf(diagnosis)
  const { language } = view
  return fitting(blocksOf(view, diagnosis), (count) => fill('omitted', language, { count }))
}

/** The blocks that fit, by rank, in their order; how many items do not is said, by `omitted`. */
export function fitting(blocks: readonly Block[], omitted: (count: number) => string): string {
  const omittedLine = (count: number): string => `<font color="comment">${omitted(count)}</font>`
  const reserve = bytes(omittedLine(99_999)) + 1
  const kept = new Set<Block>()
  let room = LIMIT - reserve
  for (const block of [...blocks].sort((a, b) => a.rank - b.rank)) {
    const cost = bytes(block.lines.join('\n')) + 1
    if (cost > room || block.rank === Number.POSITIVE_INFINITY) continue
    kept.add(block)
    room -= cost
  }
  const left = blocks.filter((block) => !kept.has(block)).reduce((sum, { items }) => sum + items, 0)
  const shown = blocks.filter((block) => kept.has(block)).flatMap(({ lines }) => lines)
  return [...shown, ...(left > 0 ? [omittedLine(left)] : [])].join('\n')
}

const bytes = (text: string): number => Buffer.byteLength(text, 'utf8')

function blocksOf(view: View, diagnosis: Diagnosis): readonly Block[] {
  const { language } = view
  const blocks: Block[] = []
  const add = (rank: number, items: number, ...lines: readonly string[]): void => {
    blocks.push({ lines, rank, items })
  }
  const say = (text: string, most: number): string => clip(plainWecom(text), most)

  add(
    0,
    1,
    `# <font color="${COLORS[diagnosis.verdict]}">${view.verdict}</font> ${say(view.name, 80)}`,
    ...(view.where === '' ? [] : [`> ${say(view.where, 160)}`]),
    ...(view.alarm === null ? [] : [`> ${say(view.alarm, 80)}`]),
  )
  if (view.causes.length === 0) add(1, 1, `**${say(view.headline, 400)}**`)
  for (const [i, item] of view.causes.entries()) addCause(item, i, view, add)
  // What is accepted stands where a cause would.
  for (const [i, item] of view.accepted.entries())
    add(view.causes.length + i === 0 ? 2 : 15 + i, 1, titleLine(item), ...expectedLines(item, view))
  addList(fill('backends', language), view.counts, 3, add)
  addList(fill('traffic', language), view.traffic, 4, add)
  for (const [i, gap] of view.gaps.entries()) {
    const [what, why] = [plainWecom(gap.what), plainWecom(gap.why)]
    add(...whole(5 + i, `**${fill('gaps', language)}** ${what}${colon(language)}${why}`))
    const byHand = gap.byHand ?? []
    const steps = byHand.filter(codeable).map((step) => `\`${step}\``)
    if (steps.length > 0)
      add(30 + i, steps.length, `${fill('byHand', language)}${colon(language)}`.trim(), ...steps)
    add(Number.POSITIVE_INFINITY, byHand.length - steps.length)
  }
  // What the fallback means is said under "traffic" already.
  const others = view.others.filter(
    (item) => item.finding.code !== 'all-backends-down/fallback-active' && !view.accepted.includes(item),
  )
  others.forEach((item, i) => {
    add(20 + i, 1, titleLine(item), ...expectedLines(item, view))
    // Without a cause, a risk is the best that there is to act on.
    if (view.causes.length + view.accepted.length === 0 && item.finding.role !== 'note')
      addRemedy(item, 20 + i, view, add)
  })
  add(60, 0, `<font color="comment">${diagnosis.id}</font>`)
  return blocks
}

/** Longer lines are left out and counted: cut, they could say the opposite. */
const LONGEST_LINE = 1_500

const whole = (rank: number, line: string): readonly [number, number, string] => [
  bytes(line) <= LONGEST_LINE ? rank : Number.POSITIVE_INFINITY,
  1,
  line,
]

type Add = (rank: number, items: number, ...lines: readonly string[]) => void

function addCause(item: Item, i: number, view: View, add: Add): void {
  // The first cause and what to do about it come before anything else; the others follow what concerns all.
  const rank = i === 0 ? 1 : 10 + i
  const color = item.finding.certainty === 'possible' ? 'comment' : 'warning'
  const title = clip(plainWecom(item.finding.title), 200)
  add(rank, 1, `**<font color="${color}">${item.lead}</font>** ${title}`)
  addRemedy(item, rank, view, add)
}

const titleLine = ({ lead, finding }: Item): string => `**${lead}** ${clip(plainWecom(finding.title), 200)}`

/** Until when and why; the whole text stays with the finding. */
function expectedLines({ finding: { accepted } }: Item, { language }: View): readonly string[] {
  if (!accepted) return []
  const { until, reason } = accepted
  const line = fill('acceptedUntil', language, { until: untilFor(until, language), reason })
  return [`> ${clip(plainWecom(line), 260)}`]
}

/** The explanation, who is well beside it, and what to change. */
function addRemedy(item: Item, rank: number, { language }: View, add: Add): void {
  add(...whole(rank, plainWecom(item.finding.detail)))
  if (item.explains.length > 0 && item.controls.length > 0)
    add(rank + 3, 0, `> ${labelled('controls', language, some(item.controls, 4, language))}`)
  const [change] = item.changes
  if (change !== undefined) add(rank + 1, 0, `> ${clip(plainWecom(change), 240)}`)
  const fix = fixLine(item, language)
  if (fix !== null) add(...whole(rank + 1, `**${fill('fix', language)}** ${plainWecom(fix)}`))
  const widens = item.finding.fix?.widens
  if (widens) add(...whole(rank + 1, `> ${labelled('widens', language, plainWecom(widens))}`))
  for (const command of commandsOf(item)) {
    // Never cut: half a command is worse than none.
    if (codeable(command)) add(rank + 2, 1, `\`${command}\``)
    else add(Number.POSITIVE_INFINITY, 1)
  }
}

/** Fits a single-line inline code as it is: nothing in it would have to be taken out. */
const codeable = (command: string): boolean =>
  bytes(command) <= LONGEST_LINE && command !== '' && command === oneLine(command) && !/[`<]/.test(command)

function addList(label: string, list: readonly string[], rank: number, add: Add): void {
  list.forEach((line, i) => {
    add(...whole(i === 0 ? rank : rank + 6 + i, `**${label}** ${plainWecom(line)}`))
  })
}
