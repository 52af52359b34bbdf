import type { Composed, Composition, Group, Occasion } from '../../delivery/index.ts'
import { byNeed, changedSince, type Incident, type Part, viewOf } from '../../incidents/index.ts'
import type { Diagnosis } from '../../model/diagnosis.ts'
import {
  type Digest,
  type IncidentNotice,
  isOver,
  NEWS_ORDER,
  type News,
  type NoticeChange,
  type NoticeMember,
} from '../../model/incident.ts'
import type { Language } from '../../model/language.ts'
import type { Message } from '../../model/message.ts'
import { reasonsIn } from '../../model/requests.ts'
import type { AppContext } from '../context.ts'
import { inLanguage, lastReadableIn, lastReadableOf } from './last-readable.ts'
import { type DiagnosisRecord, hashOf, readAll, readOne } from './records.ts'
import { recoveryOf } from './repairs.ts'

// The message about an incident is made at the moment it is sent, from what is known then.

/** For one receiver: what it is told now of the things that wait for it. */
export async function compose(
  groups: readonly Group[],
  receiver: string,
  occasion: Occasion,
  context: AppContext,
): Promise<Composition> {
  const { config } = context
  const named = config.receivers.find(({ name }) => name === receiver)
  const language = named?.language ?? config.language
  const mentions = named?.mentions ?? []
  const all = await Promise.all(groups.map((group) => madeOf(group, receiver, language, context)))
  const those = (kind: 'over' | 'waits'): readonly string[] =>
    groups.filter((_, i) => all[i] === kind).map(({ about }) => about)
  const aside = { over: those('over'), waits: those('waits') }
  const made = all.filter((one) => typeof one !== 'string')
  const [first] = made
  if (!first) return { ...aside, composed: null, tells: [] }
  const together = first.notice === null ? [first] : made.filter(({ notice }) => notice !== null)
  const { digest, told } = await fitting(together, { ...occasion, language, mentions }, context)
  const composed = digest
    ? { message: digest, threadId: digest.id, reference: null, subject: null }
    : (told[0] ?? first).composed
  return {
    ...aside,
    composed: { ...composed, mentions },
    tells: told.map(({ about, news }) => ({ about, news })),
  }
}

/** As many of them as the receiver's message names. The others wait for the next one. `digest`: null for one alone. */
async function fitting(
  together: readonly Made[],
  how: Occasion & { readonly language: Language; readonly mentions: readonly string[] },
  { config, clock }: AppContext,
): Promise<{ readonly digest: Digest | null; readonly told: readonly Made[] }> {
  const { why, since, namesIn, language, mentions } = how
  let told = together
  while (told.length > 1) {
    const digest: Digest = {
      kind: 'digest',
      id: stableId(
        'dg',
        told.map(({ group }) => group),
      ),
      createdAt: new Date(clock.now()).toISOString(),
      language,
      ...(config.timeZone === null ? {} : { timeZone: config.timeZone }),
      why: why ?? 'limit',
      since: new Date(since).toISOString(),
      notices: told.flatMap(({ notice }) => notice ?? []),
    }
    if (namesIn === null) return { digest, told }
    const names = new Set(await namesIn(digest, mentions))
    const named = told.filter(({ about }) => names.has(about))
    if (named.length === told.length) return { digest, told }
    // A digest of fewer incidents has other words, so the receiver is asked again.
    told = named.length > 0 ? named : told.slice(0, 1)
  }
  return { digest: null, told }
}

/** The same for every attempt to send these entries, so that a receiver knows a repeat. */
const stableId = (prefix: 'no' | 'dg', groups: readonly Group[]): string =>
  `${prefix}-${hashOf(
    groups
      .flatMap(({ entries }) => entries.map(({ id }) => id))
      .sort()
      .join(' '),
  ).slice(0, 16)}`

interface Made {
  readonly about: string
  readonly group: Group
  readonly news: readonly string[]
  readonly composed: Omit<Composed, 'mentions'>
  /** Null: a message that no incident holds. It goes alone, because a digest is about incidents. */
  readonly notice: IncidentNotice | null
}

async function madeOf(
  group: Group,
  receiver: string,
  language: Language,
  context: AppContext,
): Promise<Made | 'over' | 'waits'> {
  const { store } = context
  const { about } = group
  const [{ value: incident }, { value: message }, { value: subject }, { value: told }] = await Promise.all([
    readOne(store, 'incidents', about),
    readOne(store, 'messages', about),
    readOne(store, 'subjects', about),
    readOne(store, 'references', `${receiver} ${about}`),
  ])
  const rest = { threadId: about, subject: subject?.subject ?? null }
  if (message !== null)
    return {
      about,
      group,
      news: group.news,
      composed: { message: message as Message, reference: null, ...rest },
      notice: null,
    }
  if (incident === null) return 'over'
  if (group.news.length === 0 && isOver(incident)) return 'over'
  const news = NEWS_ORDER.filter(
    (one) => group.news.includes(one) && (isOver(incident) || one !== 'recovered'),
  )
  // It recovered, and the trouble is back, which is not told because it flaps. A recovery would be wrong now.
  if (news.length === 0 && group.news.length > 0) return 'waits'
  const notice = await noticeOf(incident, { id: stableId('no', [group]), news, language }, context)
  if (!notice) return 'over'
  return {
    about,
    group,
    news,
    composed: { message: notice, reference: told?.reference ?? null, ...rest },
    notice,
  }
}

/** The notice of an incident as it is now. Null: none of its diagnoses is kept any more. */
export async function noticeOf(
  incident: Incident,
  {
    id,
    news,
    language,
  }: { readonly id: string; readonly news: readonly News[]; readonly language: Language },
  context: AppContext,
): Promise<IncidentNotice | null> {
  const { store, clock, config } = context
  const parts = incident.parts.toSorted(byNeed)
  const records = await readAll(
    store,
    'diagnoses',
    parts.map(({ diagnosis }) => diagnosis),
  )
  const diagnoses = records.map(({ value }) => inLanguage(value, language))
  const lead = diagnoses.find((one) => one !== null)
  if (!lead) return null
  const now = clock.now()
  const recovery = recoveryOf(incident, parts, diagnoses)
  const last = await lastReadableIn(parts, store, language)
  return {
    kind: 'incident',
    id,
    createdAt: new Date(now).toISOString(),
    language,
    ...(config.timeZone === null ? {} : { timeZone: config.timeZone }),
    news: news.length > 0 ? news : ['first'],
    incident: viewOf(incident, now),
    lead,
    members: parts.map((part, i) => memberOf(part, diagnoses[i] ?? null, last[i] ?? null)),
    causes:
      parts.length > 1
        ? await causesOf(
            parts,
            records.map(({ value }) => value),
            language,
          )
        : [],
    change: changeOf(incident),
    ...(recovery === null ? {} : { recovery }),
    firings: Math.max(1, ...parts.map(({ firings }) => firings)),
    durationSeconds: durationOf(incident, now),
    pages: context.pagesOf(incident.id, language),
  }
}

/** @param diagnosis the newest one. `last`: the one of the last look that could read it, if the newest could not */
function memberOf(part: Part, diagnosis: Diagnosis | null, last: Diagnosis | null): NoticeMember {
  const { id, name, region, verdict, attention, headline, backends, wellAt, absent, ending } = part
  const lastReadable = lastReadableOf(part, last)
  const [reason] = [diagnosis, last].flatMap((one) => (one === null ? [] : reasonsIn(one)))
  return {
    id,
    name,
    region,
    verdict,
    attention,
    headline,
    backends,
    hasRecovered: wellAt !== null,
    ...(absent === undefined ? {} : { absent }),
    ...(ending === undefined ? {} : { ending }),
    ...(lastReadable === undefined ? {} : { lastReadable }),
    ...(reason === undefined ? {} : { reason: reason.code }),
  }
}

async function causesOf(
  parts: readonly Part[],
  records: readonly (DiagnosisRecord | null)[],
  language: Language,
): Promise<IncidentNotice['causes']> {
  const own = records.flatMap((record, i) => {
    const id = parts[i]?.id ?? ''
    // A CLB that has recovered has no cause any more.
    if (parts[i]?.wellAt !== null) return []
    return (record?.causes[language] ?? []).map((cause) => ({ ...cause, loadBalancer: id }))
  })
  const order = new Map(parts.map(({ id }, i) => [id, i]))
  return (await import('./joined-causes.ts')).joinedCauses(own, order, language)
}

/** What changed since the message before the last one that was decided. */
function changeOf({ toldBefore, told, parts }: Incident): NoticeChange {
  const before = toldBefore
  if (!before) return { dead: null, joined: [], recovered: [] }
  const dead = told?.dead ?? 0
  return {
    dead: before.dead === dead ? null : { before: before.dead, now: dead },
    joined: parts.map(({ id }) => id).filter((id) => !before.clbs.includes(id)),
    recovered: parts
      .filter(({ id, wellAt }) => wellAt !== null && !before.well.includes(id))
      .map(({ id }) => id),
    ...(told ? changedSince(before, told, parts) : {}),
  }
}

function durationOf(incident: Incident, now: number): number {
  const { parts, recoveredAt, openedAt } = incident
  const began = Math.min(openedAt, ...parts.flatMap(({ firstOccurredAt }) => firstOccurredAt ?? []))
  const ends = parts.flatMap((part) => part.recoveredAt ?? [])
  const end = !isOver(incident)
    ? now
    : ends.length === parts.length
      ? Math.max(...ends)
      : (recoveredAt ?? now)
  return Math.max(0, Math.round((end - began) / 1000))
}
