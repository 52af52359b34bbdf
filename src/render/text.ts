import type { Diagnosis, Pool } from '../model/diagnosis.ts'
import { endpointOf, poolName } from '../model/endpoint.ts'
import { pad, widthOf } from '../text/width.ts'
import { colon, fill, HOP_SIGNS, labelled, STAGES, STATUSES } from './messages.ts'
import { oneLine } from './safe.ts'
import { createSheet, type Screen, VERDICT_COLORS } from './sheet.ts'
import { commandsOf, fixLine, type Item, MOST_CHANGES, probeLine, some, type View, viewOf } from './view.ts'

/** For a terminal: verdict, causes with proof and remedy, pools with each target's path, what could not be seen. */
export function renderText(diagnosis: Diagnosis, screen: Screen): string {
  const view = viewOf(diagnosis)
  const { language } = view
  const { out, paint, fold, head } = createSheet(screen)

  out.push(
    `${paint(VERDICT_COLORS[diagnosis.verdict], `■ ${view.verdict}`)}  ${paint(1, oneLine(view.name))}`,
  )
  if (view.where !== '') fold(view.where)
  if (view.alarm !== null) fold(view.alarm)
  out.push('')
  fold(view.headline)

  for (const item of view.causes) {
    head(`${item.lead}${colon(language)}${item.finding.title}`)
    writeItem(item, view, fold, out)
  }
  if (view.unexplained !== null) head(view.unexplained)
  if (view.traffic.length > 0) {
    head(fill('traffic', language))
    for (const line of view.traffic) fold(line)
  }
  for (const [i, pool] of diagnosis.pools.entries()) {
    head(view.counts[i] ?? poolName(pool))
    writePool(pool, view, out)
  }
  if (diagnosis.pools.length > 0) out.push('', `  ${fill('legend', language)}`)
  if (view.others.length > 0) head(fill('others', language))
  for (const item of view.others) {
    fold(`${item.lead}${colon(language)}${item.finding.title}`)
    writeItem(item, view, (text) => fold(text, '    '), out)
  }
  if (view.gaps.length > 0) head(fill('gaps', language))
  for (const gap of view.gaps) {
    fold(`- ${gap.what}${colon(language)}${gap.why}`)
    for (const command of gap.byHand ?? []) out.push(`      $ ${oneLine(command)}`)
  }
  const { apiCalls, waves, durationMs } = diagnosis.stats
  const checks = diagnosis.checks.map(({ check, outcome }) => `${check}=${outcome}`).join(' ')
  out.push('')
  if (checks !== '') fold(labelled('checks', language, checks))
  fold(
    `${diagnosis.id} · ${fill('cost', language, { calls: apiCalls, waves: waves ?? 0, ms: Math.round(durationMs) })}`,
  )
  return `${out.join('\n')}\n`
}

function writeItem(item: Item, { language }: View, fold: (text: string) => void, out: string[]): void {
  fold(item.finding.detail)
  if (item.explains.length > 0) fold(labelled('explains', language, some(item.explains, 8, language)))
  if (item.explains.length > 0 && item.controls.length > 0)
    fold(labelled('controls', language, some(item.controls, 8, language)))
  if (item.against.length > 0) fold(labelled('contradicted', language, some(item.against, 8, language)))
  for (const change of item.changes.slice(0, MOST_CHANGES)) fold(change)
  const fix = fixLine(item, language)
  if (fix !== null) fold(labelled('fix', language, fix))
  if (item.finding.fix?.widens) fold(labelled('widens', language, item.finding.fix.widens))
  // On a line of its own, not folded: it is there to be copied.
  for (const command of commandsOf(item)) out.push(`    $ ${oneLine(command)}`)
}

const MOST_TARGETS = 40

function writePool(pool: Pool, { language }: View, out: string[]): void {
  out.push(`  ${probeLine(pool, 4, language)}`)
  // Those that need attention first.
  const order = ['Dead', 'Unknown', 'Close', 'Alive']
  const targets = [...pool.targets].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
  const rows = targets
    .slice(0, MOST_TARGETS)
    .map((target) => [
      endpointOf(target),
      oneLine(target.instanceId ?? target.type),
      `${fill('weight', language)} ${target.weight}`,
      STATUSES[target.status][language] + (target.statusDetail ? ` (${oneLine(target.statusDetail)})` : ''),
      target.path.map(({ stage, verdict }) => `${HOP_SIGNS[verdict]} ${STAGES[stage][language]}`).join('  '),
    ])
  const columns = [0, 1, 2, 3].map((i) => Math.max(0, ...rows.map((row) => widthOf(row[i] ?? ''))))
  for (const row of rows)
    out.push(
      `  ${row.map((cell, i) => (i < columns.length ? pad(cell, columns[i] ?? 0) : cell)).join('  ')}`.trimEnd(),
    )
  if (targets.length > MOST_TARGETS)
    out.push(`  ${fill('omitted', language, { count: targets.length - MOST_TARGETS })}`)
}
