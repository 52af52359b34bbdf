import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  variables: {
    credential: 'must be printable ASCII without spaces; paste it as the console shows it',
    proxy:
      'must be a proxy such as http://proxy.example.com:3128 or http://user:password@proxy.example.com:3128',
    language: 'must be {languages}',
    or: ' or ',
    zone: 'must be the name of a time zone, e.g. Asia/Singapore or UTC',
    console: 'must be cn or intl',
    guest: 'must be off or on',
    guestLater: 'the in-guest probe is not available in this version; set it to off',
    redis:
      'must be redis://[user:password@]host[:port][/database], or rediss:// for TLS; percent-encode special characters in user and password',
    noBackup: 'CLB_DOCTOR_REDIS_URL is set, so everything is in Redis; use the backups of Redis',
    pages: 'incident pages are not available in this version; unset it',
    region: '"{given}" is not a region; write one such as ap-guangzhou',
    tokens: 'must be one secret, or two separated by a space while they rotate',
    domain: 'must be a domain such as tencentcloudapi.com or internal.tencentcloudapi.com',
    origin: 'must be an origin such as http://127.0.0.1:9100, without a path',
    rate: 'must be a positive number of requests per second, e.g. 15',
    unset: '{variable} is not set; use an API key, or give the function an execution role',
    timer: 'TENCENTCLOUD_REGION is not set and the timer names no regions; set it, or write {example}',
  },
  refusal: {
    title: 'Receiver {receiver} refuses messages',
    why: 'Its answer: {why}',
    todo: 'Messages to it were not delivered and are not sent again. Check whether the bot was removed, and its address and key. One reminder a day for each receiver',
  },
  file: {
    unread: 'cannot be read ({code}); check the permissions of the file',
    directory: 'is a folder; it must be a file',
    dangling: 'is a link to a file that does not exist; mend the link or remove it',
    noJson: 'is not JSON; write {example}',
    shape: 'must be an object with accepted alone: {example}',
    entry: 'entry {entry}: {problem}; e.g. {example}',
    noObject: 'must be an object with code, resource, reason and until',
    extra: 'there is no "{field}"; write code, resource, reason and until alone',
    missing: '{field} is missing',
    noText: '{field} must be a string',
    code: 'code must be one finding code such as "security-group/probe-blocked"',
    resource: 'resource must be one exact id such as "sg-a1b2c3d4"; there are no wildcards',
    reason: 'reason must say in 1 to 200 characters why it is accepted',
    until:
      'until must be a day such as "2026-12-31" (to its end, UTC) or a time with its zone such as "2026-12-31T18:00:00+08:00"',
    ineffective:
      '{file}: entry {entry} has no effect: there is no finding {code}; see docs/finding-codes.json',
  },
} as const satisfies Translation<typeof zhCN>
