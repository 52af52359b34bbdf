import type { Evidence } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { filled, inEachLanguage, listed, NOTHING, withAside } from '../../text/index.ts'
import { type Draft, findingTarget } from '../check.ts'
import { commonGround } from '../common-ground.ts'
import { commandsFor, kindFor } from './commands.ts'
import { TEXTS } from './texts.ts'
import type { Found, Trouble } from './trouble.ts'

/** A detail names at most so many. The params have all. */
const MOST_NAMED = 10

/** Texts by the state or the type of resource that the API gives. */
type ByName = Readonly<Record<string, Text>>
const ADVICE: ByName = TEXTS.advice
const WORDS: ByName = TEXTS.words

/** One finding about things that have the same reason and state. */
export function draftOf(found: readonly Found[], paths: Paths): Draft {
  const [first] = found
  if (!first) throw new Error('a finding about nothing')
  const { reason, resource, state } = first.trouble
  const hits = found.flatMap((one) => one.hits)
  const count = found.length
  const advice = ADVICE[state]
  const kind = resource.type === 'cvm' || resource.type === 'eni' ? resource.type : 'ip'
  const list = listOf(found)
  const them = namedBy(TEXTS.them[kind], found)
  return {
    code: `instance-state/${reason}`,
    subject: resource.id,
    predicts: 'dead',
    targets: hits.map(findingTarget),
    // A missing or stopped machine cannot answer. An isolated machine may still run, and a missing address may still
    // answer, so these are only likely.
    certainty: resource.type === 'ip' || reason === 'isolated' ? 'likely' : 'certain',
    role: 'risk',
    severity: 'high',
    order: 3,
    resources: found.map(({ trouble }) => trouble.resource),
    params: {
      count,
      ids: found.map(({ trouble }) => trouble.resource.id),
      names: found.map(({ hits: own }) => own.at(-1)?.target.name ?? '-'),
      ips: found.map(ipOf),
      state,
      which: namedBy(TEXTS.named[kind], found),
      list,
      owners: [...new Set(found.map(({ trouble }) => trouble.state))],
      is: WORDS[state] ?? NOTHING,
      gone: namedBy(TEXTS.gone[kind === 'cvm' ? 'cvm' : 'ip'], found),
      missing: TEXTS.missing[kind === 'cvm' ? 'cvm' : 'ip'],
      common: commonGround(hits, paths),
      them,
      quote: count > 1 ? list : NOTHING,
      ...(advice ? { advice: filled(advice, { them }) } : {}),
    },
    doubts: reason === 'not-found' && resource.type === 'ip' ? [TEXTS.lag] : [],
    evidence: evidenceOf(found),
    fix: { kind: kindFor(first.trouble), commands: commandsFor(found, paths) },
  }
}

/** Each with its address, at most ten. */
const listOf = (found: readonly Found[]): Text =>
  inEachLanguage((language) =>
    listed(
      found.map((one) => {
        const { type, id } = one.trouble.resource
        return type === 'ip' ? id : withAside(id, ipOf(one), language)
      }),
      language,
      MOST_NAMED,
    ),
  )

const ipOf = ({ hits }: Found): string => hits.at(-1)?.target.ip ?? '-'

type Named = Readonly<Record<'one' | 'several', Text>>

/** One thing is named by its id and address, several are counted. */
function namedBy({ one, several }: Named, found: readonly Found[]): Text {
  const [first] = found
  return first && found.length === 1
    ? filled(one, { id: first.trouble.resource.id, ip: ipOf(first) })
    : filled(several, { count: found.length })
}

/** One entry for things with the same value. */
function evidenceOf(found: readonly Found[]): readonly Evidence[] {
  const byValue = new Map<string, { readonly evidence: Trouble['evidence']; readonly ids: string[] }>()
  for (const { trouble } of found) {
    const { source, field, value } = trouble.evidence
    const key = `${source} ${field} ${JSON.stringify(value)}`
    const entry = byValue.get(key) ?? { evidence: trouble.evidence, ids: [] }
    entry.ids.push(trouble.resource.id)
    byValue.set(key, entry)
  }
  return [...byValue.values()].slice(0, MOST_NAMED).map(({ evidence: { source, field, value }, ids }) => {
    const more = ids.length > MOST_NAMED ? ` (+${ids.length - MOST_NAMED})` : ''
    const named = `${ids.slice(0, MOST_NAMED).join(', ')}${more}`
    return { source, fact: field === null ? named : `${named} ${field}`, value }
  })
}
