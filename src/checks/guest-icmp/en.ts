import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    'echo-ignored': {
      title: 'Pings are ignored by the kernel of {which}, and the health check is a ping',
      quote: '{by}',
      detail: `{settings} makes the kernel ignore every ping, so probes get no answer.${looked}{common}{list}{doubt}`,
      fix: 'Let it answer pings, also in a file that keeps it over a restart. If it must not, change the health check to TCP or another type{tke}',
    },
    'rate-limited': {
      title: 'Pings are limited on {which}, so a health check by ping may get no answer',
      quote: '{by}',
      detail: `Pings or the answers to them are limited, and what is over the limit gets no answer. Probes fail by chance.${looked}{common}{list}{doubt}`,
      fix: 'Keep the pings of the health check out of the limit (the limit: {limits}), or change the health check to TCP{tke}',
    },
    'icmp-dropped': {
      title: '{tool} on {which} drops the pings of the health check',
      quote: '{by}',
      detail: `Pings from {from} meet this rule, which drops or rejects them, so probes get no answer.${looked}{common}{list}{doubt}`,
      fix: 'Before that rule, let in pings from {lets} and nothing else',
    },
  },
} as const satisfies Translation<typeof zhCN>
