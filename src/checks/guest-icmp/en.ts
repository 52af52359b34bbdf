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
      fix: 'Let it answer pings (command; the file keeps it over a restart). If it must not, change the health check to TCP or another type',
    },
    'rate-limited': {
      title: 'Answers to pings are limited on {which}, so a health check by ping may get none',
      quote: '{by}',
      detail: `Answers to pings are limited, and what is over the limit gets none. Probes fail by chance.${looked}{common}{list}{doubt}`,
      fix: 'Take the limit off answers to pings (command; settings: {settings}), or change the health check to TCP. {keep}',
    },
    'icmp-dropped': {
      title: '{tool} on {which} drops the pings of the health check',
      quote: '{by}',
      detail: `Pings from {from} meet this rule, which drops or rejects them, so probes get no answer.${looked}{common}{list}{doubt}`,
      fix: 'Before that rule, let in pings from {lets} (command) and nothing else. {keep}',
    },
  },
} as const satisfies Translation<typeof zhCN>
