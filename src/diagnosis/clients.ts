import { ruleText } from '../checks/index.ts'
import type { Clients, Finding, Pool, TargetKey } from '../model/diagnosis.ts'
import { endpointOf } from '../model/endpoint.ts'
import { groupBy } from '../model/group-by.ts'
import type { Language, Text } from '../model/language.ts'
import type { ClientAnswer, ClientGroup, ClientNote, ClientNoteCode, EvaluatedPool } from '../path/index.ts'
import { type AddressSet, intersect, isEmpty, toCidrs } from '../rules/index.ts'
import { listed, semicolons, t } from '../text/index.ts'
import { noteText } from './hop-texts.ts'
import { type Assigned, accountsForDead } from './roles.ts'
import { TEXTS } from './texts.ts'

/** What the clients of a pool meet. Undefined if nobody asks: no backend is Dead, or none gets requests at all. */
export function clientsView(
  { clients }: EvaluatedPool,
  otherwiseDown: ReadonlySet<TargetKey>,
  language: Language,
): Clients | undefined {
  if (clients.length === 0) return undefined
  // The backends in trouble first.
  const groups = clients.toSorted((a, b) => Number(isInTrouble(b)) - Number(isInTrouble(a)))
  const verdict = verdictOf(groups)
  const decider = deciderOf(groups, verdict)
  const allowed = verdict === 'partial' ? allowedIn(groups) : []
  return {
    verdict,
    detail: detailOf(groups, otherwiseDown, language),
    ...(decider === undefined
      ? {}
      : { decidedBy: decider && `${decider.id} ${ruleText(decider)[language]}` }),
    ...(allowed.length > 0 ? { allowedSources: allowed } : {}),
  }
}

const isInTrouble = ({ targets }: ClientGroup): boolean => targets.some(({ status }) => status === 'Dead')

/** Backends that differ: whom a client meets is chance, so the pool as a whole lets in a part. */
function verdictOf(groups: readonly ClientGroup[]): Clients['verdict'] {
  const verdicts = new Set(groups.map(({ answer }) => answer.verdict))
  const [only] = verdicts
  if (only !== undefined && verdicts.size === 1) return only
  return verdicts.has('unknown') ? 'unknown' : 'partial'
}

/** Null if the implicit deny decides. Undefined if no rule does. */
function deciderOf(
  groups: readonly ClientGroup[],
  verdict: Clients['verdict'],
): ClientAnswer['by'] | undefined {
  if (verdict === 'unknown') return undefined
  const denying = groups.find(({ answer }) => answer.verdict !== 'pass') ?? groups[0]
  const by = denying?.answer.by
  return by && by.index === null ? null : (by ?? undefined)
}

/** The clients that every backend lets in. */
function allowedIn(groups: readonly ClientGroup[]): readonly string[] {
  if (groups.some(({ answer }) => answer.verdict === 'block')) return []
  const sets = groups.flatMap(({ answer }) => answer.allowed ?? [])
  const [first, ...others] = sets
  if (!first) return []
  return toCidrs(others.reduce<AddressSet>((shared, set) => intersect(shared, set), first))
}

function detailOf(
  groups: readonly ClientGroup[],
  otherwiseDown: ReadonlySet<TargetKey>,
  language: Language,
): string {
  const verdicts = new Set(groups.map(({ answer }) => answer.verdict))
  const isAlike = verdicts.size === 1 && (verdicts.has('block') || verdicts.has('unknown'))
  const byText = groupBy(groups, (group) =>
    textOf(group, isAlike ? groups.some(probesAreBlocked) : probesAreBlocked(group), otherwiseDown, language),
  )
  const [only, ...others] = byText.keys()
  if (only !== undefined && others.length === 0) return only
  return semicolons(
    [...byText].map(([text, own]) => {
      const targets = listed(
        own.flatMap((group) => group.targets.map(endpointOf)),
        language,
        3,
      )
      return t(TEXTS.clients.of, { targets, text }, language)
    }),
    language,
  )
}

function textOf(
  group: ClientGroup,
  isBlocked: boolean,
  otherwiseDown: ReadonlySet<TargetKey>,
  language: Language,
): string {
  const { verdict, allowed, notes } = group.answer
  const whys = notes.map((note) => clientNoteText(note, language))
  const isOtherwise = group.targets.some(({ key }) => otherwiseDown.has(key))
  switch (verdict) {
    case 'pass':
      return semicolons(
        [TEXTS.clients[isBlocked && !isOtherwise ? 'probeOnly' : 'pass'][language], ...whys],
        language,
      )
    case 'block':
      return semicolons([TEXTS.clients[isBlocked ? 'both' : 'block'][language], ...whys], language)
    case 'partial': {
      const some = allowed && !isEmpty(allowed)
      const text = some
        ? t(TEXTS.clients.partial, { allowed: toCidrs(allowed) }, language)
        : TEXTS.clients.portsOnly[language]
      return semicolons([text, ...whys], language)
    }
    case 'unknown':
      return t(TEXTS.clients.unknown, { why: semicolons(whys, language) }, language)
  }
}

const FILTERS = /^(?:security-group|network-acl|managed-service)\//

/** Backends with a certain or likely cause that is no rule. Not only the health check is blocked there. */
export const downWithoutRules = (assigned: readonly Assigned[]): ReadonlySet<TargetKey> =>
  new Set(
    assigned.flatMap((one) =>
      accountsForDead(one) && one.certainty !== 'possible' && !FILTERS.test(one.draft.code)
        ? one.explains
        : [],
    ),
  )

/** Does a rule block probes to the Dead backends? */
const probesAreBlocked = ({ targets }: ClientGroup): boolean =>
  targets.some(
    ({ status, path }) =>
      status === 'Dead' && path.some((hop) => hop.verdict === 'block' || hop.verdict === 'partial'),
  )

const OWN: Readonly<Record<ClientNoteCode, Text>> = TEXTS.clients.notes

const isOwn = (note: ClientNote): note is { readonly code: ClientNoteCode } => note.code in OWN

const clientNoteText = (note: ClientNote, language: Language): string =>
  isOwn(note) ? OWN[note.code][language] : noteText(note, language)

/**
 * An opening lets in the probes only. If the clients are blocked as well, the backends turn healthy and requests still
 * fail, so the fix says it.
 */
export function withClientsNote(finding: Finding, pools: readonly Pool[], language: Language): Finding {
  const { fix, explains } = finding
  if (fix?.kind !== 'open') return finding
  const own = new Set(explains)
  const shut = pools.filter(
    ({ clients, targets }) => clients?.verdict === 'block' && targets.some(({ key }) => own.has(key)),
  )
  if (shut.length === 0) return finding
  const services = shut.flatMap(({ protocol, targets }) =>
    targets
      .filter(({ key }) => own.has(key))
      .map(({ port }) => `${protocol === 'UDP' ? protocol : 'TCP'} ${port}`),
  )
  const note = t(TEXTS.clients.stillBlocked, { services: [...new Set(services)] }, language)
  return { ...finding, fix: { ...fix, notes: [note, ...(fix.notes ?? [])] } }
}
