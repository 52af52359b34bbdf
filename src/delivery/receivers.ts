import { type Fail, ReceiverError, type ReceiverKind } from './address.ts'
import { smtp } from './smtp/index.ts'
import { webhook } from './webhook/index.ts'
import { wecom } from './wecom/index.ts'

/** Every kind of receiver, by the name of its folder. */
export const KINDS = { wecom, webhook, smtp } as const satisfies Readonly<Record<string, ReceiverKind>>

export type ReceiverAddress = NonNullable<ReturnType<(typeof KINDS)[keyof typeof KINDS]['parse']>>

/** Receivers that the contract promises but this version lacks, by scheme and by host. */
const LATER: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/open\.(feishu\.cn|larksuite\.com)\/|^(feishu|lark)\+/i, 'Feishu'],
  [/^https:\/\/oapi\.dingtalk\.com\/|^dingtalk\+/i, 'DingTalk'],
  [/^https:\/\/hooks\.slack\.com\/|^slack\+/i, 'Slack'],
  [/^(jira|servicenow|tapd|pagerduty|github|gitlab|telegram|teams)\+https?:/i, 'ticket and paging'],
]

const FORMS = Object.values(KINDS)
  .map(({ form }) => form)
  .join(', ')
  .replace(/, (?=[^,]*$)/, ' or ')

/**
 * Parses `CLB_DOCTOR_SINKS`: addresses separated by white space. Equal addresses are one receiver.
 * @throws ReceiverError for the first wrong address
 */
export function parseReceiverAddresses(text: string): readonly ReceiverAddress[] {
  const addresses = [...new Set(text.split(/\s+/).filter((part) => part !== ''))]
  return addresses.map((address, i) =>
    parse(address, (detail) => new ReceiverError(`receiver ${i + 1} ${detail}`)),
  )
}

/** Signs that people and other tools put between or around addresses. Each would become a part of an address. */
const STRAY: readonly (readonly [RegExp, string])[] = [
  [
    /[,;|，；、｜][a-z][a-z0-9+.-]*:\/\//i,
    'is followed by another address without a space; separate addresses by spaces',
  ],
  [/[,;|，；、｜。]$/, 'ends in a punctuation mark; separate addresses by spaces alone'],
  [/^["'`“”‘’「『《<]|["'`“”‘’」』》>]$/, 'is in quotes or brackets; write it without them'],
  [/[\u200b-\u200f\u2060\u00ad]/, 'has an invisible character; copy it again'],
]

function parse(address: string, fail: Fail): ReceiverAddress {
  const stray = STRAY.find(([sign]) => sign.test(address))
  if (stray) throw fail(stray[1])
  const later = LATER.find(([pattern]) => pattern.test(address))
  if (later) throw fail(`(${later[1]}): this receiver is not available in this version; write ${FORMS}`)
  if (!URL.canParse(address)) throw fail(`is not a URL; write ${FORMS}`)
  const url = new URL(address)
  for (const kind of Object.values(KINDS)) {
    const parsed = kind.parse(url, fail)
    if (parsed) return parsed
  }
  throw fail(`(${url.protocol.slice(0, 20)}//…) is not known; write ${FORMS}`)
}
