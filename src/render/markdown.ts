import type { Diagnosis } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import { colon, fill, HOP_SIGNS, labelled, STAGES, STATUSES } from './messages.ts'
import { escapeMarkdown, indented, oneLine } from './safe.ts'
import {
  commandsOf,
  evidenceLine,
  fixLine,
  type Item,
  MOST_CHANGES,
  probeLine,
  some,
  terraformOf,
  type View,
  viewOf,
} from './view.ts'

/** GitHub-flavoured markdown, for tickets. Commands are fenced, everything else is escaped. */
export function renderMarkdown(diagnosis: Diagnosis): string {
  const view = viewOf(diagnosis)
  const { language } = view
  const e = escapeMarkdown
  const out: string[] = [`# ${view.verdict}${colon(language)}${e(view.name)}`, '']
  if (view.where !== '') out.push(`${e(view.where)}  `)
  if (view.alarm !== null) out.push(`${e(view.alarm)}  `)
  out.push('', `**${e(view.headline)}**`, '')
  for (const item of view.causes)
    out.push(`## ${item.lead}${colon(language)}${e(item.finding.title)}`, '', ...body(item, view))
  if (view.unexplained !== null) out.push(e(view.unexplained), '')
  if (view.traffic.length > 0)
    out.push(`## ${fill('traffic', language)}`, '', ...view.traffic.map((line) => `- ${e(line)}`), '')
  for (const [i, pool] of diagnosis.pools.entries()) {
    const stages = pool.targets[0]?.path.map(({ stage }) => STAGES[stage][language]) ?? []
    const columns = [
      ...(['target', 'instance', 'weight', 'status'] as const).map((word) => fill(word, language)),
      ...stages,
    ]
    out.push(
      `## ${e(view.counts[i] ?? '')}`,
      '',
      e(probeLine(pool, 6, language)),
      '',
      row(columns),
      row(columns.map(() => '---')),
    )
    for (const target of pool.targets)
      out.push(
        row([
          e(endpointOf(target)),
          e(target.instanceId ?? target.type),
          String(target.weight),
          STATUSES[target.status][language],
          ...target.path.map(({ verdict }) => HOP_SIGNS[verdict]),
        ]),
      )
    out.push('', fill('legend', language), '')
  }
  if (view.others.length > 0) out.push(`## ${fill('others', language)}`, '')
  for (const item of view.others)
    out.push(`### ${item.lead}${colon(language)}${e(item.finding.title)}`, '', ...body(item, view))
  if (view.gaps.length > 0) out.push(`## ${fill('gaps', language)}`, '')
  for (const gap of view.gaps) {
    out.push(`- ${e(gap.what)}${colon(language)}${e(gap.why)}`)
    if (gap.byHand?.length) out.push('', ...fence(gap.byHand, '  '))
  }
  out.push('', `${diagnosis.id}`)
  return `${out.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

function body(item: Item, { language }: View): readonly string[] {
  const e = escapeMarkdown
  const out = [e(item.finding.detail), '']
  if (item.explains.length > 0)
    out.push(`- ${labelled('explains', language, e(some(item.explains, 20, language)))}`)
  if (item.explains.length > 0 && item.controls.length > 0)
    out.push(`- ${labelled('controls', language, e(some(item.controls, 20, language)))}`)
  if (item.against.length > 0)
    out.push(`- ${labelled('contradicted', language, e(some(item.against, 20, language)))}`)
  for (const change of item.changes.slice(0, MOST_CHANGES)) out.push(`- ${e(change)}`)
  for (const one of item.finding.evidence)
    out.push(`- ${labelled('evidence', language, e(evidenceLine(one, language)))}`)
  const fix = fixLine(item, language)
  if (fix !== null) out.push('', `**${fill('fix', language)}**${colon(language)}${e(fix)}`)
  const [commands, terraform] = [commandsOf(item), terraformOf(item)]
  const widens = item.finding.fix?.widens
  if (widens) out.push('', labelled('widens', language, e(widens)))
  if (commands.length > 0) out.push('', ...fence(commands, ''))
  if (terraform.length > 0) out.push('', ...fence(terraform, '', 'hcl'))
  return [...out, '']
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

/** A fence longer than any run of backticks within. */
function fence(commands: readonly string[], indent: string, language = 'sh'): readonly string[] {
  const longest = Math.max(
    2,
    ...commands.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)),
  )
  const mark = '`'.repeat(longest + 1)
  return [`${mark}${language}`, ...commands.map((line) => indented(line, oneLine)), mark, ''].map((line) =>
    line === '' ? '' : indent + line,
  )
}
