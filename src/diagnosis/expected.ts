import { CHECKS, type Draft } from '../checks/index.ts'
import type { Accepted, Gap, Resource } from '../model/diagnosis.ts'
import { CONFIG_FILE, type ExpectedFinding, endOf } from '../model/expected.ts'
import type { Language, Text } from '../model/language.ts'
import { type TimeZone, t, untilFor } from '../text/index.ts'
import { type Assigned, byRank } from './roles.ts'
import { TEXTS } from './texts.ts'

/** Every code that a check of this version can give. */
export const knownCodes = (): readonly string[] =>
  CHECKS.flatMap(({ id, reasons }) => Object.keys(reasons).map((reason) => `${id}/${reason}`))

const isKnownCode = (code: string): boolean => knownCodes().includes(code)

const isOver = ({ until }: ExpectedFinding, now: number): boolean => !(now <= (endOf(until) ?? Number.NaN))

/**
 * Divides findings about several things, such as twelve machines, if an entry expects them of some. Otherwise the entry
 * would hide the others, or have no effect.
 * @param now Unix time in ms
 */
export function divided(
  drafts: readonly Draft[],
  acceptances: readonly ExpectedFinding[],
  now: number,
): readonly Draft[] {
  return drafts.flatMap((draft) => {
    if (isNote(draft)) return [draft]
    const entries = acceptances.filter((one) => one.code === draft.code && !isOver(one, now))
    const parts: Draft[] = []
    let rest: Draft | null = draft
    for (const { resource } of entries) {
      const meant: Draft | null = rest?.narrowed?.(resource, 'named') ?? null
      if (!meant) continue
      parts.push(meant)
      rest = rest?.narrowed?.(resource, 'others') ?? null
    }
    return rest ? [...parts, rest] : parts
  })
}

/** A note, whatever the health is. No entry has an effect on it. */
const isNote = ({ predicts, role }: Draft): boolean => predicts === 'nothing' && role === 'note'

/**
 * Turns expected findings into notes. This comes after the roles are assigned, so they keep the targets that they
 * explain.
 * @param now Unix time in ms
 */
export function applyExpected(
  assigned: readonly Assigned[],
  acceptances: readonly ExpectedFinding[],
  now: number,
): readonly Assigned[] {
  const valid = acceptances.filter((one) => !isOver(one, now))
  return assigned
    .map((one): Assigned => {
      // If several entries match, the one that ends last counts.
      const [by] = valid
        .filter((entry) => isAbout(entry, one))
        .sort((a, b) => (endOf(b.until) ?? 0) - (endOf(a.until) ?? 0))
      return by ? { ...one, role: 'note', expected: { by, role: one.role } } : one
    })
    .sort(byRank)
}

const isAbout = ({ code, resource }: ExpectedFinding, { draft, role }: Assigned): boolean =>
  role !== 'note' &&
  draft.code === code &&
  (matchableResources(draft.resources).some(({ id }) => id === resource) ||
    (draft.narrowed?.(resource, 'named') ?? null) !== null)

/**
 * The resources whose ids match an entry. Several secondary resources of one finding do not match, because no single
 * one stands for it.
 */
function matchableResources(resources: readonly Resource[]): readonly Resource[] {
  const decide = resources.filter(({ type }) => type === resources[0]?.type)
  return resources.length - decide.length > 1 ? decide : resources
}

/** The reason and end date of the matching entry. They close the finding's detail. */
export function expectedText({ expected }: Assigned, language: Language, zone: TimeZone): readonly string[] {
  if (!expected) return []
  const { reason, until } = expected.by
  return [t(TEXTS.expected.reason, { reason, until: untilFor(until, language, zone) }, language)]
}

export const expectedView = ({ by, role }: NonNullable<Assigned['expected']>): Accepted => ({
  role,
  resource: by.resource,
  reason: by.reason,
  until: by.until,
})

/** Entries for this CLB's resources without effect, because they have ended or their code does not exist. */
export function expectedGaps(
  assigned: readonly Assigned[],
  acceptances: readonly ExpectedFinding[],
  now: number,
  language: Language,
  zone: TimeZone,
): readonly Gap[] {
  const gap = (text: { what: Text; why: Text }, entry: ExpectedFinding, found: readonly Assigned[]): Gap => {
    const params = {
      ...entry,
      file: CONFIG_FILE,
      until: untilFor(entry.until, language, zone),
      found: [...new Set(found.map(({ draft }) => draft.code))],
    }
    return { kind: 'entry', what: t(text.what, params, language), why: t(text.why, params, language) }
  }
  return acceptances.flatMap((entry) => {
    if (!isKnownCode(entry.code)) {
      const found = assigned.filter(
        ({ draft, role }) => role !== 'note' && draft.resources.some(({ id }) => id === entry.resource),
      )
      return found.length > 0 ? [gap(TEXTS.expected.unknown, entry, found)] : []
    }
    const found = isOver(entry, now) ? assigned.filter((one) => isAbout(entry, one)) : []
    return found.length > 0 ? [gap(TEXTS.expected.over, entry, found)] : []
  })
}
