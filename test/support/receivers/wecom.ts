import { startWecomStandIn } from '../../../src/simulator/wecom.ts'
import type { Now, StandIn } from './stand-in.ts'

/** The simulated WeCom group, which `demo` uses as well: 20 a minute, 4096 bytes. */
export async function startWecom(now: Now = Date.now): Promise<StandIn> {
  const group = await startWecomStandIn({ now })
  return {
    url: group.url,
    close: group.close,
    get shown() {
      return group.messages.map(({ content }) => ({
        text: content.replace(/<\/?font[^>]*>/g, ''),
        mentions: [...content.matchAll(/<@([^>]+)>/g)].map((match) => match[1] ?? ''),
      }))
    },
  }
}
