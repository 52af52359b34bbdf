import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  wrong: {
    receiver: 'receiver {place} {detail}',
    same: '({where}) is receiver {first} in another spelling; one address is one receiver, so remove one of the two',
    scheme: '({scheme}//…) has no valid host',
    plain: '({host}): plain http is for loopback only; use https',
    several: 'is followed by another address without a space; separate addresses by spaces',
    punctuation: 'ends in a punctuation mark; separate addresses by spaces alone',
    quotes: 'is in quotes or brackets; write it without them',
    invisible: 'has an invisible character; copy it again',
    never:
      '({kind}) is not a receiver of clb-doctor. Send to an Alertmanager that tells it (alertmanager+https://…), or to a program of yours (webhook+https://…)',
    noUrl: 'is not a URL; write {forms}',
    unknown: '({scheme}//…) is not known; write {forms}',
    parameter: '({where}) needs one {name}=…; paste the whole webhook URL of the bot',
    badKey: '({where}): its key must be one word of letters, digits and dashes; separate addresses by spaces',
    secret: '({where}): secret must be whsec_ and the base64 of 24 to 64 bytes',
    body: '({where}): body must be alertmanager-v4, or be left out',
    dingtalkSecret: '({where}): secret must be the word that DingTalk shows, which begins with SEC',
    path: '({where}): its path must be {path}; paste the whole webhook URL',
    feishuSecret: '({where}): secret must be the word that Feishu shows under signature verification',
    noHost: '(smtp) has no host',
    from: '({where}) needs from=sender@example.com',
    to: '({where}) needs to=oncall@example.com',
    login: '({where}) needs both user and password, or neither',
    ticket: '({where}): write {form}, with user, password and token percent-encoded',
    encoded: '({where}): user and password must be percent-encoded',
    application: '({where}) is of a WeCom application, not of a group bot; write {form}',
    appLogin: '({where}) needs corpid:secret@ before the host',
    appAgent: '({where}) needs one agent=…, the AgentId of the application, a number',
    appTo:
      '({where}) needs to=…, the ids of members (to=a|b, to=@all), or party=… or tag=…, the numbers of departments or tags',
  },
  or: ' or ',
  forms: {
    wecom: 'a pasted WeCom group-bot URL, wecom+https://…',
    smtp: 'smtps://…',
  },
  trustedIp: 'Trusted IP',
} as const satisfies Translation<typeof zhCN>
