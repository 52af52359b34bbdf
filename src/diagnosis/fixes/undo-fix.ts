import type { Draft } from '../../checks/index.ts'
import { known } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import type { SecurityGroup, Snapshot } from '../../model/snapshot.ts'
import type { EvaluatedTarget, Paths } from '../../path/index.ts'
import {
  type AddressSet,
  ALL_PORTS,
  formatPorts,
  isEmpty,
  joinedLetIn,
  type LetIn,
  newlyLetIn,
  subtract,
  toCidrs,
} from '../../rules/index.ts'
import { semicolons, t } from '../../text/index.ts'
import { aclUndo } from './acl-undo.ts'
import { askedFirst } from './asked-first.ts'
import type { Case, Step } from './case.ts'
import { groupUndo } from './group-undo.ts'
import { prove } from './prove.ts'
import { TEXTS } from './texts.ts'
import type { Undo } from './undo.ts'
import { widensOf } from './widening.ts'

export interface UndoStep extends Step {
  /** True if it takes back what somebody did, and lets in nothing but the probes. */
  readonly isBest: boolean
  /** Id of the security group or ACL. */
  readonly id: string
}

/** Takes back the change that made the deciding rule. Null unless the change is understood and this is enough. */
export function undoFix(found: Case): UndoStep | null {
  const { plan, targets, paths, language } = found
  const undo = undosOf(found).find((one) => prove(one, plan, targets, paths).verified)
  if (!undo) return null
  const letIn = letInBy(undo, targets, paths)
  const beside = letIn && besideProbes(letIn, targets)
  const isOnlyProbe = beside !== null && beside.length === 0
  const widens = [
    ...[widensOf(plan, undo.id, targets, paths.snapshot, language)].filter((one) => one !== null),
    ...(isOnlyProbe ? [] : [besideText(undo, letIn, language)]),
  ]
  const summary = `${t(undo.what, {}, language)}${askText(undo, language)}`
  return {
    fix: {
      kind: undo.kind,
      summary,
      commands: undo.commands,
      verified: true,
      ...(widens.length > 0 ? { widens: semicolons(widens, language) } : {}),
    },
    after: undo.snapshot,
    id: undo.id,
    isBest: isOnlyProbe && undo.did !== 'stamped',
  }
}

/** The undoings of changes to the rules that the finding names. */
function undosOf({ draft, plan, targets, paths, read }: Case): readonly Undo[] {
  const { snapshot } = paths
  switch (plan.kind) {
    case 'open-security-group':
      return groupsNamed(draft).flatMap((decided) => groupUndo(decided, read, snapshot) ?? [])
    case 'open-acl':
      return draft.resources
        .filter(({ id }) => id === plan.aclId)
        .flatMap((decided) => aclUndo(decided, plan.direction, targets, { read, snapshot }) ?? [])
    // The ACL of the SNAT IPs' subnet can block in two directions. Which entries do is not part of the finding.
    case 'open-departure':
      return []
  }
}

const groupsNamed = ({ resources }: Draft): Draft['resources'] =>
  resources.filter(({ type }) => type === 'security-group')

/** What the targets' groups let in after the undoing beside what they let in before. Null if that cannot be told. */
function letInBy(
  { touched, snapshot: after }: Undo,
  targets: readonly EvaluatedTarget[],
  { snapshot, evaluator }: Paths,
): readonly LetIn[] | null {
  if (touched === null) return null
  const lists = new Set(
    targets.map(({ location }) => (location.isResolved ? location.value.securityGroupIds.join() : '')),
  )
  const ports = targets.flatMap(({ plan }) => (plan.kind === 'probe' ? (plan.port ?? []) : []))
  const all: LetIn[] = []
  for (const ids of lists) {
    const before = groupsIn(snapshot, ids)
    const found = newlyLetIn(evaluator, { before, after: groupsIn(after, ids), touched }, ports)
    if (found === null) return null
    all.push(...found)
  }
  return all
}

const groupsIn = ({ securityGroups }: Snapshot, ids: string): readonly SecurityGroup[] =>
  ids.split(',').flatMap((id) => known(securityGroups[id]) ?? [])

function besideProbes(letIn: readonly LetIn[], targets: readonly EvaluatedTarget[]): readonly LetIn[] {
  return letIn.filter(({ protocol, ports, sources }) => {
    const own = targets.flatMap(({ plan }) => {
      const isOwn = plan.kind === 'probe' && plan.protocol === protocol && isJust(ports, plan.port)
      return isOwn ? plan.origins.flatMap((origin) => origin.sources ?? []) : []
    })
    return !isEmpty(own.reduce<AddressSet>(subtract, sources))
  })
}

const isJust = (ports: LetIn['ports'], port: number | null): boolean =>
  port === null ? ports === ALL_PORTS : ports.length === 2 && ports[0] === port && ports[1] === port + 1

/** What is let in beside the probes, for use after "also applies to". */
function besideText({ words, id, did }: Undo, letIn: readonly LetIn[] | null, language: Language): string {
  if (letIn !== null) return t(TEXTS.beside.known, { packets: joinedLetIn(letIn).map(packetsText) }, language)
  if (words !== null) return t(TEXTS.beside.rule, { words }, language)
  return t(TEXTS.beside[did === 'bound' ? 'binding' : 'list'], { id }, language)
}

/** So many CIDRs of a set are shown. */
const MOST = 3

/** For example `TCP 8000-9000 ← 203.0.113.0/24`. */
function packetsText({ protocol, ports, sources }: LetIn): string {
  const cidrs = toCidrs(sources)
  const from = cidrs.slice(0, MOST).join(', ') + (cidrs.length > MOST ? ' …' : '')
  const numbers = ports === ALL_PORTS ? [] : formatPorts(ports)
  const named = numbers.join() === formatPorts(ALL_PORTS).join() ? [] : [numbers.join(',')]
  return `${[protocol.toUpperCase(), ...named].join(' ').trim()} ← ${from}`
}

/** Whom to ask before it is taken back. The changes of the finding say when it was. */
const askText = ({ did, change }: Undo, language: Language): string =>
  did === 'stamped' ? TEXTS.ask.unread[language] : askedFirst([change], language)
