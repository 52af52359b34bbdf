import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  wrong: {
    receiver: 'receiver {place} {detail}',
    scheme: '({scheme}//…) has no valid host',
    plain: '({host}): plain http is for loopback only; use https',
    several: 'is followed by another address without a space; separate addresses by spaces',
    punctuation: 'ends in a punctuation mark; separate addresses by spaces alone',
    quotes: 'is in quotes or brackets; write it without them',
    invisible: 'has an invisible character; copy it again',
    later: '({kind}): this receiver is not available in this version; write {forms}',
    noUrl: 'is not a URL; write {forms}',
    unknown: '({scheme}//…) is not known; write {forms}',
    noKey: '({where}) has no key=…; paste the whole webhook URL of the bot',
    badKey: '({where}): its key must be one word of letters, digits and dashes; separate addresses by spaces',
    secret: '({where}): secret must be whsec_ and the base64 of 24 to 64 bytes',
    noHost: '(smtp) has no host',
    from: '({where}) needs from=sender@example.com',
    to: '({where}) needs to=oncall@example.com',
    login: '({where}) needs both user and password, or neither',
    encoded: '({where}): user and password must be percent-encoded',
  },
  or: ' or ',
  forms: {
    wecom: 'a pasted WeCom group-bot URL, wecom+https://…',
    webhook: 'webhook+https://…',
    smtp: 'smtps://…',
  },
  later: { feishu: 'Feishu', dingtalk: 'DingTalk', slack: 'Slack', tickets: 'ticket and paging' },
} as const satisfies Translation<typeof zhCN>
