import { informsOnly } from '../model/actions/index.ts'
import { type Diagnosis, isCause, type LoadBalancerView, type Pool } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { backendsIn } from '../model/requests.ts'
import { isOutside, unjudgedIn } from '../model/unjudged.ts'
import { isText, type TimeZone, t } from '../text/index.ts'
import { expectedCauses, expectedLine } from './expected-headline.ts'
import { passingText } from './recovery.ts'
import { TEXTS } from './texts.ts'

interface Found extends Pick<Diagnosis, 'verdict' | 'pools' | 'findings' | 'gaps' | 'trigger'> {
  readonly loadBalancer: LoadBalancerView
}

/** One sentence that tells a person what to do. It marks a guess as a guess. */
export function headlineOf(
  { verdict, loadBalancer: clb, pools, findings, gaps, trigger }: Found,
  language: Language,
  zone: TimeZone,
): string {
  const name = clb.name ? `${clb.name} (${clb.id})` : clb.id
  const sum = (of: (pool: Pool) => number): number => pools.reduce((total, pool) => total + of(pool), 0)
  const count = (...statuses: readonly string[]): number =>
    backendsIn(pools, ({ status }) => statuses.includes(status)).size
  const dead = count('Dead')
  const unknown = count('Unknown')
  const base = {
    clb: name,
    dead,
    total: backendsIn(pools).size,
    alive: count('Alive'),
  }
  const [cause, ...others] = findings.filter(isCause)
  const [first, ...rest] = expectedCauses(findings)
  const serving = (cause ?? first)?.certainty === 'certain' ? 'serving' : 'restricted'
  const listener = (cause ?? first)?.code === 'load-balancer-state/listener-stopped' ? 'listener' : null
  const state = t(TEXTS.headline[dead > 0 ? 'dead' : (listener ?? serving)], base, language)
  if (cause) {
    const more = [
      others.length > 0 ? t(TEXTS.headline.more, { count: others.length }, language) : '',
      first ? t(TEXTS.headline.moreAccepted, { count: rest.length + 1 }, language) : '',
    ].join('')
    const sureness = TEXTS.sureness[cause.certainty][language]
    return t(TEXTS.headline.because, { ...base, state, sureness, cause: cause.title, more }, language)
  }
  const unread = gaps.find(
    ({ action, errorCode }) => action !== undefined && errorCode !== undefined && !informsOnly(action),
  )
  const unjudged = unjudgedIn({ pools, findings })
  if (first) {
    const open = { unread: unread?.what ?? null, unjudged: unjudged[0]?.subject ?? null }
    const line = expectedLine([first, ...rest], pools, open, language, zone)
    return t(TEXTS.headline.accepted, { ...base, state, line }, language)
  }
  if (dead > 0 && warmingUp(findings) === sum(({ counts }) => counts.dead))
    return t(TEXTS.headline.warming, { ...base, state }, language)
  if (verdict === 'down' || verdict === 'degraded') {
    if (unread) return t(TEXTS.headline.unseen, { ...base, state, gap: unread.what }, language)
    const [open] = unjudged
    if (!open) {
      const text = isOutside({ pools, findings }) ? TEXTS.headline.outside : TEXTS.headline.unexplained
      return t(text, { ...base, state }, language)
    }
    const more =
      unjudged.length > 1 ? t(TEXTS.headline.moreUnjudged, { count: unjudged.length - 1 }, language) : ''
    return t(TEXTS.headline.unjudged, { ...base, state, subject: open.subject, more }, language)
  }
  if (verdict === 'healthy') {
    const idle = findings.find(({ code }) => code === 'pool-membership/all-weights-zero')
    const pool = idle?.params?.pool
    const passing = passingText({ trigger, verdict, pools }, base.alive, language)
    return typeof pool === 'string' || isText(pool)
      ? t(TEXTS.headline.weightless, { ...base, passing, pool }, language)
      : t(TEXTS.headline.healthy, { ...base, passing }, language)
  }
  if (unread) return t(TEXTS.headline.blind, { ...base, gap: unread.what }, language)
  const odd = sum(({ targets }) => targets.filter(({ statusDetail }) => statusDetail !== undefined).length)
  const reason =
    odd > 0
      ? t(TEXTS.headline.odd, { odd }, language)
      : unknown > 0
        ? t(TEXTS.headline.pending, { unknown }, language)
        : TEXTS.headline.nothing[language]
  return t(TEXTS.headline.idle, { ...base, reason }, language)
}

/** Dead backends that were bound a moment ago. */
const warmingUp = (findings: Diagnosis['findings']): number =>
  findings
    .filter(({ code }) => code === 'pool-membership/warming-up')
    .reduce((sum, { params }) => sum + (typeof params?.dead === 'number' ? params.dead : 0), 0)
