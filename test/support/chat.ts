import { handleInPlace } from '../../src/app/incidents/engine.ts'
import { ReceiverError } from '../../src/delivery/index.ts'
import { createPost } from '../../src/delivery/post.ts'
import { wecom } from '../../src/delivery/wecom/index.ts'
import type { Alarm } from '../../src/model/alarm.ts'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import type { Language } from '../../src/model/language.ts'
import { type Log, silentLog } from '../../src/model/log.ts'
import { startWecomStandIn } from '../../src/simulator/wecom.ts'
import { toldTo } from './lanes.ts'
import type { SimulatedCloud } from './simulated.ts'

// A WeCom group on a real socket, and the way of an alarm into it.

export interface ChatMessage {
  readonly diagnosis: Diagnosis
  /** Why the CLB could not be looked up, as the log says; null if it was. */
  readonly lookupFailure: string | null
  readonly content: string
  /** What is wrong with the message itself, one line each. */
  readonly faults: readonly string[]
}

export interface Chat {
  /** The log that the cloud must use. */
  readonly log: Log
  /** Handles an alarm as `serve` does, without the memory of earlier ones. */
  tell(cloud: SimulatedCloud, alarm: Alarm): Promise<ChatMessage>
  close(): Promise<void>
}

const LABELS: Readonly<Record<Language, string>> = { 'zh-CN': '业务影响', en: 'Impact' }
/** What a value of the wrong type looks like when it gets into a text. */
const JUNK = /\bundefined\b|\[object Object\]|\bNaN\b|clb-doctor itself failed|自身出错/

export async function openChat(language: Language): Promise<Chat> {
  let minutes = 0
  // The bot takes 20 messages a minute.
  const group = await startWecomStandIn({ now: () => 60_000 * minutes++ })
  const address = wecom.parse(new URL(`wecom+${group.url}`), (detail) => new ReceiverError(detail))
  if (!address) throw new Error('no address')
  let lookupFailure: string | null = null
  const log: Log = {
    ...silentLog,
    warn(message, fields) {
      if (message === 'alarm could not be diagnosed') lookupFailure = JSON.stringify(fields)
    },
  }
  return {
    log,
    async tell(cloud, alarm) {
      const { config, clock } = cloud.context
      const receiver = address.connect({ post: createPost(config.proxies), now: clock.now })
      lookupFailure = null
      const before = group.messages.length
      const own = { ...cloud.context, log, config: { ...config, language } }
      const context = toldTo([receiver], own)
      const { handled, reports } = await handleInPlace([alarm], context, { read: 20_000, total: 30_000 })
      const diagnosis = handled[0]?.diagnosis
      if (!diagnosis) throw new Error('no diagnosis')
      const content = group.messages[before]?.content ?? ''
      const [delivery] = reports
      const impact = content.split('\n')[1] ?? ''
      const faults = [
        ...(delivery?.outcome === 'delivered' ? [] : [`not delivered: ${JSON.stringify(delivery)}`]),
        ...(impact.startsWith(`**${LABELS[language]}** `) ? [] : [`no impact: ${content.slice(0, 200)}`]),
        ...(JUNK.test(content) ? [`junk in the message: ${JUNK.exec(content)?.[0]}`] : []),
      ]
      return { diagnosis, lookupFailure, content, faults }
    },
    close: () => group.close(),
  }
}
