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
    async: 'must be auto or off',
    guest: 'must be off or on',
    guestLater: 'the in-guest probe is not available in this version; set it to off',
    redis:
      'must be redis://[user:password@]host[:port][/database], or rediss:// for TLS; percent-encode special characters in user and password',
    noBackup: 'CLB_DOCTOR_REDIS_URL is set, so everything is in Redis; use the backups of Redis',
    pages:
      'must be the address where people reach the incident pages, such as https://clb.example.com or https://ops.example.com/clb; http is for loopback alone',
    region: '"{given}" is not a region; write one such as ap-guangzhou',
    tokens: 'must be one secret, or two separated by a space while they rotate',
    domain: 'must be a domain such as tencentcloudapi.com or internal.tencentcloudapi.com',
    origin: 'must be an origin such as http://127.0.0.1:9100, without a path',
    rate: 'must be a positive number of requests per second, e.g. 15',
    unset: '{variable} is not set; use an API key, or give the function an execution role',
    timer: 'TENCENTCLOUD_REGION is not set and the timer names no regions; set it, or write {example}',
  },
  test: {
    line: '{name} ({label}): {answer}',
    delivered: 'delivered',
    partly: 'delivered, but: {reason}',
    retry:
      'not delivered: {reason}. It cannot be reached or takes no message now; check host, port and proxy, then try again',
    permanent:
      'refused: {reason}. Check its address and key; docs/receivers.md explains the answers of each receiver',
    unknown: 'no usable answer: {reason}. The message may have arrived; look there before you try again',
  },
  refusal: {
    title: 'Receiver {receiver} refuses messages',
    why: 'Its answer: {why}',
    todo: 'Messages to it were not delivered and are not sent again. Check whether the bot was removed, and its address and key. One reminder a day for each receiver',
  },
  reading: {
    silent: '{url} does not answer ({why}); check --url, and that clb-doctor serve runs',
    guessed:
      'another clb-doctor process has the folder {folder}, and {url} does not answer ({why}); name the address on which it listens with --url',
    noToken: '{url} asks for a token; set CLB_DOCTOR_API_TOKEN to the value that serve has',
    wrongToken: '{url} refuses the token; set CLB_DOCTOR_API_TOKEN to the value that serve has',
    away: '{url} cannot read its store at the moment; try again shortly, its log says why',
    strange:
      '{url} did not answer with incidents (HTTP {status}); check that --url is the address of clb-doctor serve',
  },
  somebody: 'somebody',
  file: {
    unread: 'cannot be read ({code}); check the permissions of the file',
    directory: 'is a folder; it must be a file',
    dangling: 'is a link to a file that does not exist; mend the link or remove it',
    noJson: 'is not JSON; write {example}',
    notThere: 'there is no file {path}; write the path of clb-doctor.json, or unset the variable',
    route: 'route {route}',
    noWords: 'nothing',
    unknown: 'there is no "{given}"; write {known}',
    unknownNear: 'there is no "{given}"; did you mean "{meant}"? Write {known}',
    notOne: 'write {known}',
    oneOf: 'must be {known}',
    like: 'must be a value such as {example}, or a list of such values',
    object: 'must be an object with {fields}',
    missingHere: 'is missing',
    list: 'must be a list',
    boolean: 'must be true or false',
    receivers: 'must be an object such as {"oncall":{"url":"env:WECOM_ONCALL"}}',
    receiverName: 'the name of a receiver has 1 to 40 letters, digits, "-", "_" or "."',
    url: 'must be "env:" and the name of a variable that holds the address, e.g. "env:WECOM_ONCALL"; an address is a secret and does not stand in the file',
    mention: 'must be a list such as ["zhangsan"]',
    tag: 'must be an object such as {"team":"shop"}',
    routes: 'must be a list such as [{"match":{"tag":{"team":"shop"}},"to":["oncall"]}]',
    to: 'must be a list of receivers such as ["oncall"]; [] tells nobody',
    remind: 'must be a time from 5m to 30d such as "4h", or "off"',
    both: 'has both expected and accepted; accepted is the old name, so move its entries to expected',
    oldName: '{file}: accepted is now called expected; rename it. This version still reads it',
    taken: 'a receiver of CLB_DOCTOR_SINKS has this name; choose another one',
    unset: 'the variable {variable} is not set; set it to the address of the receiver',
    several: '{variable} must hold one address; write a receiver for each',
    same: '"{other}" has the same address; one address is one receiver',
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
