import type { Evidence, Resource } from '../model/diagnosis.ts'
import { groupBy } from '../model/group-by.ts'
import type { Text } from '../model/language.ts'
import { remembered } from '../model/memo.ts'
import type { Paths } from '../path/index.ts'
import { filled, inEachLanguage, type Param, type Params, withAside } from '../text/index.ts'
import {
  type Alike,
  type Draft,
  everyTarget,
  type FixPlan,
  type GivenPlan,
  type IsOf,
  isOpening,
} from './check.ts'
import { aboutSeveral } from './several.ts'
import { SHARED } from './texts.ts'

/** A fix has at most so many commands. */
const MOST_COMMANDS = 100
const MOST_EVIDENCE = 10

type Member = Draft & { readonly alike: Alike }

const isMember = (draft: Draft): draft is Member => draft.alike !== undefined

/**
 * One finding of all that say the same: one code, deciding thing, certainty and role. Forty rules with the same wrong
 * setting are one finding with forty names.
 */
export function grouped(drafts: readonly Draft[], paths: Paths): readonly Draft[] {
  const own = drafts.map((draft, i) => ({ draft, key: keyOf(draft, paths) ?? i }))
  return [...groupBy(own, ({ key }) => key).values()].flatMap((some) => {
    const members = some.map(({ draft }) => draft).filter(isMember)
    if (members.length === 0) return some.map(({ draft }) => draft)
    return members.length === 1
      ? members
      : aboutSeveral(members, ({ resources }) => resources.map(({ id }) => id), joined, partOf)
  })
}

const idOf = ({ resources }: Draft): string => resources[0]?.id ?? ''

/** Null for a finding that stands alone. */
function keyOf(draft: Draft, paths: Paths): string | null {
  const { code, alike, certainty, predicts, role, severity } = draft
  if (!alike) return null
  // A healthy backend refutes a setting for its own pool only.
  const isDown = predicts !== 'nothing' && isOnlyDown(draft, paths)
  return JSON.stringify([code, alike.by, alike.place, certainty, predicts, role, severity, isDown])
}

function isOnlyDown({ targets }: Draft, paths: Paths): boolean {
  const statuses = targets.map(({ target }) => statusesIn(paths).get(target))
  return statuses.includes('Dead') && !statuses.includes('Alive')
}

const statusesIn = remembered(
  (paths: Paths) => new Map(everyTarget(paths).map(({ target: { key, status } }) => [key, status])),
)

/** A member says something about its whole listener, rule or resource, so a part of its targets changes no text. */
function partOf(member: Member, isOf: IsOf): Member | null {
  const targets = member.targets.filter(({ target }) => isOf(target))
  return targets.length > 0 ? { ...member, targets } : null
}

function joined(members: readonly Member[]): Draft {
  const [first, ...others] = members
  if (!first) throw new Error('a finding about nothing')
  const names = namesOf(members)
  if (others.length === 0) return first
  const { alike } = first
  const resources = unique(
    members.flatMap((member) => member.resources),
    ({ id }) => id,
  )
  return {
    ...first,
    targets: members.flatMap(({ targets }) => targets),
    resources,
    params: { ...paramsOf(members), ...(names.length > 1 ? countedParams(alike, members) : {}) },
    ...(names.length > 1 ? { members: names } : {}),
    evidence: evidenceOf(members),
    fix: fixOf(members),
  }
}

/** A listener is one thing, also if several of its target groups have a check. */
const firstOfEach = (members: readonly Member[]): readonly Member[] => unique(members, idOf)

/** Each with what it has for itself, if the others have something else. */
function namesOf(members: readonly Member[]): readonly Text[] {
  const owns = new Set(members.map(({ alike }) => JSON.stringify(alike.own)))
  return firstOfEach(members).map(({ alike: { place, own }, params }) =>
    inEachLanguage((language) => {
      const name = String(params[place] ?? '')
      return own && owns.size > 1 ? withAside(name, own[language], language) : name
    }),
  )
}

function countedParams({ place }: Alike, members: readonly Member[]): Params {
  const things = firstOfEach(members)
  const text = SHARED.members[kindOf(things.flatMap(({ resources }) => resources.slice(0, 1)))]
  return {
    [place]: filled(text, { count: things.length }),
    [`${place}s`]: things.length,
    names: things.map(({ params }) => String(params[place] ?? '')),
  }
}

function kindOf(resources: readonly Resource[]): keyof typeof SHARED.members {
  const types = new Set(resources.map(({ type }) => type))
  const isFront = [...types].every((type) => type === 'rule' || type === 'listener')
  if (!isFront) return 'resource'
  return types.size > 1 ? 'both' : types.has('rule') ? 'rule' : 'listener'
}

/** Numbers that add up, different words as a list, else what the first has. */
function paramsOf(members: readonly Member[]): Params {
  const [first] = members
  if (!first) return {}
  const { sums = [], joint } = first.alike
  const all = members.map(({ params }) => params)
  const own = Object.fromEntries(
    Object.keys(first.params).map((name) => [
      name,
      jointValue(
        all.map((params) => params[name] ?? ''),
        sums.includes(name),
      ),
    ]),
  )
  return { ...own, ...joint?.(members) }
}

function jointValue(values: readonly Param[], isSum: boolean): Param {
  const [first = ''] = values
  if (isSum) return values.reduce<number>((sum, value) => sum + (typeof value === 'number' ? value : 0), 0)
  if (typeof first === 'number' || (typeof first === 'object' && !isList(first))) return first
  const words = [...new Set(values.flatMap((value) => (isList(value) ? value : [String(value)])))]
  return words.length === 1 ? first : words
}

const isList = (value: Param): value is readonly string[] => Array.isArray(value)

/** What all have is said once. Of different values each has its name. */
function evidenceOf(members: readonly Member[]): readonly Evidence[] {
  const all = members.flatMap((member) => member.evidence.map((evidence) => ({ member, evidence })))
  const values = groupBy(all, ({ evidence }) => `${evidence.source} ${evidence.fact}`)
  return [...values.values()]
    .flatMap((some) => {
      const different = unique(some, ({ evidence }) => JSON.stringify(evidence.value))
      if (different.length === 1) return different.map(({ evidence }) => evidence)
      return some.map(({ member: { alike, params }, evidence }) => ({
        ...evidence,
        fact: `${params[alike.place]} ${evidence.fact}`,
      }))
    })
    .slice(0, MOST_EVIDENCE)
}

/** One command for each listener or rule, as the API takes them. The same command is told once. */
function fixOf(members: readonly Member[]): FixPlan | null {
  const [given] = givenIn(members)
  if (!given) return members[0]?.fix ?? null
  const all = unique(
    givenIn(members).flatMap(({ commands = [] }) => commands),
    ({ line }) => line,
  )
  if (all.length === 0) return given
  const left = all.length - MOST_COMMANDS
  return { ...given, commands: all.slice(0, MOST_COMMANDS), ...(left > 0 ? { left } : {}) }
}

const givenIn = (members: readonly Member[]): readonly GivenPlan[] =>
  members.flatMap(({ fix }) => (fix && !isOpening(fix) ? [fix] : []))

function unique<T>(all: readonly T[], keyOf: (one: T) => string): readonly T[] {
  return [...groupBy(all, keyOf).values()].flatMap(([first]) => first ?? [])
}
