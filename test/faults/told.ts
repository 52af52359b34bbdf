import { handleInPlace } from '../../src/app/incidents/engine.ts'
import type { Receiver } from '../../src/delivery/receiver.ts'
import { type Clock, systemClock } from '../../src/model/clock.ts'
import type { Attention, Diagnosis } from '../../src/model/diagnosis.ts'
import { isNotice } from '../../src/model/message.ts'
import type { Report } from '../../src/render/blocks.ts'
import { reportOf } from '../../src/render/index.ts'
import { printWecom } from '../../src/render/printers/wecom.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { toldTo } from '../support/lanes.ts'
import type { SimulatedCloud } from '../support/simulated.ts'
import { poolsOf, type Target } from './catalogue/fault.ts'
import { wrongCertainties } from './denials.ts'
import { CASE } from './healthy.ts'
import { judge } from './judge.ts'
import type { Look, Story } from './stories.ts'

// Tells a story as `serve` does, alarm by alarm, and compares what is told at each look with the truth at that time.

/** What can be told wrongly at a look. */
export interface Told {
  /** It is told as over while it fires, or although nothing could be read. */
  readonly over: number
  /** It is not told that it flaps or how often it fired, or it is told without a reason. */
  readonly flapping: number
  /** Attention, title or colour do not fit, or a recovery does not say what is left. */
  readonly title: number
  /** Not told at all, or told again although it says the same. */
  readonly sent: number
  /** A wrong cause that is certain or likely, a cause that is not found, or a wrong verdict. */
  readonly causes: number
  /** One line each. */
  readonly faults: readonly string[]
  /** True if the message says that the backends flap. */
  readonly saysFlapping: boolean
}

interface Seen {
  readonly look: Look
  readonly diagnosis: Diagnosis
  readonly report: Report
  /** The messages that were delivered. */
  readonly messages: readonly string[]
  /** True: it must be told. False: it was told before. Null: that depends on the causes. */
  readonly isNews: boolean | null
}

/**
 * News, compared with the look that was told last: more Dead backends, another state of the alarm, that something can or
 * cannot be read, and the second firing over healthy backends, once. A repeat of the same is not news.
 */
function isNews(look: Look, before: Look | undefined, last: Look | undefined): boolean | null {
  if (!before || !last) return true
  if (look.isUnread !== last.isUnread) return true
  if (look.isUnread) return look.alarm.state === last.alarm.state ? null : true
  const [now, then] = [deadIn(look), deadIn(last)]
  if (now.length > then.length) return true
  const isOver = (one: Look): boolean => one.alarm.state === 'resolved' && deadIn(one).length === 0
  if (isOver(look) !== isOver(last)) return isOver(look) ? true : null
  if (look.alarm.state !== last.alarm.state) return isOver(look) ? true : null
  if (now.length < then.length) return null
  return isAllAlive(look) ? (look.firing === last.firing ? false : look.firing <= 2 ? true : null) : null
}

export async function tell(cloud: SimulatedCloud, { looks, language }: Story): Promise<readonly Told[]> {
  let at = 0
  const clock: Clock = { now: () => at, sleep: systemClock.sleep }
  const messages: string[] = []
  const receiver: Receiver = {
    kind: 'test',
    label: 'test',
    idempotent: false,
    async send({ message }) {
      if (isNotice(message)) messages.push(withoutJoiners(printWecom(await reportOf(message)).text))
      return { kind: 'delivered' }
    },
  }
  const { config } = cloud.context
  const context = toldTo([receiver], { ...cloud.context, config: { ...config, language }, clock })
  const told: Told[] = []
  let last: Look | undefined
  for (const [i, look] of looks.entries()) {
    at = look.at
    messages.length = 0
    cloud.show(look.one.site.world, look.one.apiFaults)
    const { handled } = await handleInPlace([look.alarm], context, { read: 20_000, total: 30_000 })
    const diagnosis = handled[0]?.diagnosis
    if (!diagnosis) throw new Error('no diagnosis')
    const report = diagnosisReport(diagnosis)
    told.push(
      judged({ look, diagnosis, report, messages: [...messages], isNews: isNews(look, looks[i - 1], last) }),
    )
    if (messages.length > 0) last = look
  }
  return told
}

/** A chat puts them into what looks like a host, so that it does not become a link. */
const withoutJoiners = (text: string): string => text.replaceAll('\u2060', '')

/** Words of a recovery, in the title, the impact and the headline. */
const OVER = /恢复|recover|\bis over\b/i
const CONFIRMED = /恢复已确认|已恢复|recovery confirmed|recovered/i
const FLAPS =
  /分钟内第 (\d+) 次触发，.*在抖动|The alarm fired (\d+) times within (?:a minute|\d+ minutes), .*(?:it flaps|they flap)/

function judged(seen: Seen): Told {
  const { look, diagnosis, report } = seen
  const isFiring = look.alarm.state === 'firing'
  const said = [report.title.state, impactOf(report), diagnosis.headline].join('\n')
  const lines = (kind: string, found: readonly string[]): readonly string[] =>
    found.map((text) => `${kind}: ${text}`)
  const over = lines(
    'told as over',
    (isFiring && OVER.test(said)) || (look.isUnread && CONFIRMED.test(said)) ? [said] : [],
  )
  const flapping = lines('flapping', flappingFaults(seen))
  const title = lines('title', titleFaults(seen))
  const sent = lines(
    'sent',
    seen.isNews === null || seen.isNews === seen.messages.length > 0 ? [] : [`news: ${seen.isNews}`],
  )
  const causes = lines('causes', causeFaults(seen))
  return {
    over: over.length,
    flapping: flapping.length,
    title: title.length,
    sent: sent.length,
    causes: causes.length,
    faults: [...over, ...flapping, ...title, ...sent, ...causes],
    saysFlapping: FLAPS.test(impactOf(report)),
  }
}

const impactOf = ({ summary }: Report): string => summary.find(({ topic }) => topic === 'impact')?.text ?? ''

/** The backends that are probed. */
const probedIn = ({ one }: Look): readonly Target[] =>
  one.site.targets.filter((target) => target.status() !== 'Close')

const isAllAlive = (look: Look): boolean =>
  !look.isUnread && probedIn(look).every((target) => target.status() === 'Alive')

const deadIn = (look: Look): readonly Target[] =>
  probedIn(look).filter((target) => target.status() === 'Dead')

function flappingFaults({ look, report, diagnosis }: Seen): readonly string[] {
  const impact = impactOf(report)
  const [, zh, en] = FLAPS.exec(impact) ?? []
  const firings = zh ?? en
  const must = isAllAlive(look) && look.firing > 1
  const found: string[] = []
  if (must && firings !== String(look.firing)) found.push(`not firing ${look.firing}: ${impact}`)
  if (!must && firings !== undefined) found.push(`said without a reason: ${impact}`)
  if (look.firing > 0 && diagnosis.recent?.firings !== look.firing)
    found.push(`recent is ${diagnosis.recent?.firings}, and it is firing ${look.firing}`)
  return found
}

/** The attention that the statuses allow. A part of the clients can raise it. */
function attentionsFor(look: Look, { findings }: Diagnosis): readonly Attention[] {
  const isFiring = look.alarm.state === 'firing'
  if (look.isUnread) return [isFiring ? 'act-soon' : 'watch']
  if (deadIn(look).length === 0) {
    const isRisky = findings.some(({ role }) => role === 'risk')
    return [isFiring || isRisky ? 'watch' : 'none']
  }
  const isDown = poolsOf(look.one.site).some(({ targets }) => {
    const weighted = targets.filter(({ backend }) => backend.weight > 0)
    return weighted.length > 0 && weighted.every((target) => target.status() === 'Dead')
  })
  return isDown ? ['act-now'] : ['act-soon', 'act-now']
}

const TONES = { 'act-now': 'red', 'act-soon': 'amber', watch: 'amber', none: 'green' } as const

/** The state that the title gives, for each situation. */
const STATES = {
  unread: /^(无法判断|Cannot tell)$/,
  flaps: /^(后端在抖动|Backends flap)$/,
  firing: /^(告警中，此刻正常|Alarm firing, healthy now)$/,
  recovered: /^(已恢复|Recovered)$/,
  dead: /异常|down|trouble/,
} as const

function titleFaults({ look, diagnosis, report, messages }: Seen): readonly string[] {
  const { attention = 'none' } = diagnosis
  const { tone, state } = report.title
  const found: string[] = []
  const allowed = attentionsFor(look, diagnosis)
  if (!allowed.includes(attention)) found.push(`attention ${attention}, not ${allowed.join(' or ')}`)
  const colour = look.isUnread ? 'grey' : TONES[attention]
  if (tone !== colour) found.push(`${tone}, not ${colour}`)
  const situation = situationOf(look)
  if (!STATES[situation].test(state)) found.push(`"${state}" for ${situation}`)
  const impact = impactOf(report)
  const dead = new Set(deadIn(look).map(({ backend }) => `${backend.ip}:${backend.port}`)).size
  if (look.alarm.state === 'resolved' && !look.isUnread) {
    const counted = /仍有 (\d+) 个后端异常|(\d+) backends? (?:is|are) still down/.exec(impact)
    const count = Number(counted?.[1] ?? counted?.[2] ?? 0)
    if (count !== dead) found.push(`${count} of ${dead} are told as still Dead: ${impact}`)
    if (dead === 0 && !/持续了|lasted|after/.test(impact)) found.push(`without how long it lasted: ${impact}`)
  }
  for (const message of messages) {
    if (Buffer.byteLength(message) > 4096) found.push('longer than 4,096 bytes')
    // In a recovery the news says how long it lasted.
    const [told = ''] = situation === 'recovered' ? impact.split(/[；;]/) : [impact]
    if (!message.includes(told)) found.push(`the message lacks the impact: ${told}`)
    if (situation === 'recovered' && !/持续了|lasted|after/.test(message))
      found.push('the message does not say how long it lasted')
  }
  return found
}

function situationOf(look: Look): keyof typeof STATES {
  if (look.isUnread) return 'unread'
  if (deadIn(look).length > 0) return 'dead'
  if (look.firing === 0) return 'recovered'
  return look.firing > 1 ? 'flaps' : 'firing'
}

function causeFaults({ look, diagnosis }: Seen): readonly string[] {
  const { one, isUnread } = look
  if (isUnread)
    return wrongCertainties(
      { setting: { name: '', world: one.site.world, clb: CASE, faults: {}, one }, diagnosis, asked: [] },
      diagnosis,
    )
  const { results, wrongCauses, verdict, open } = judge(one, diagnosis)
  return [
    ...results.filter(({ found, isCause }) => isCause && !found).map(({ code }) => `missed ${code}`),
    ...wrongCauses
      .filter(({ certainty }) => certainty !== 'possible')
      .map(({ code, certainty }) => `wrong ${code} (${certainty})`),
    ...(verdict === 'wrong' ? [`wrong verdict ${diagnosis.verdict}`] : []),
    ...(open.wrong > 0 ? ['not left open'] : []),
  ]
}
