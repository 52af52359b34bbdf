import type { Text } from '../model/language.ts'
import { enumerated, filled, inEachLanguage } from '../text/index.ts'
import { type Fail, isSame, type Permission, ReceiverError, type ReceiverKind } from './address.ts'
import { alertmanager } from './alertmanager/index.ts'
import { dingtalk } from './dingtalk/index.ts'
import { feishu } from './feishu/index.ts'
import { github } from './github/index.ts'
import { jira } from './jira/index.ts'
import { openPost } from './post.ts'
import { slack } from './slack/index.ts'
import { smtp } from './smtp/index.ts'
import { tapd } from './tapd/index.ts'
import { TEXTS } from './texts.ts'
import { webhook } from './webhook/index.ts'
import { wecom } from './wecom/index.ts'
import { wecomapp } from './wecomapp/index.ts'

/** Every kind of receiver, by the name of its folder. */
export const KINDS = {
  wecom,
  wecomapp,
  dingtalk,
  feishu,
  slack,
  alertmanager,
  jira,
  github,
  tapd,
  webhook,
  smtp,
} as const satisfies Readonly<Record<string, ReceiverKind>>

export type ReceiverAddress = NonNullable<ReturnType<(typeof KINDS)[keyof typeof KINDS]['parse']>>

/** Services that Alertmanager or a program of the reader can tell, by the name that the refusal shows. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [/^servicenow\+|^https:\/\/[\w-]+\.service-now\.com\//i, 'ServiceNow'],
  [/^pagerduty\+|^https:\/\/events\.(eu\.)?pagerduty\.com\//i, 'PagerDuty'],
  [/^gitlab\+|^https:\/\/gitlab\.com\//i, 'GitLab'],
  [/^ses\+|^https:\/\/ses\.tencentcloudapi\.com\//i, 'Tencent Cloud SES'],
  [/^(telegram|tgram)\+?|^https:\/\/api\.telegram\.org\//i, 'Telegram'],
  [
    /^(ms)?teams\+|^https:\/\/[\w.-]+\.(webhook\.office\.com|logic\.azure\.com|api\.powerplatform\.com)\//i,
    'Teams',
  ],
]

const FORMS = inEachLanguage((language) => {
  const kinds = Object.entries<ReceiverKind>(KINDS)
  const forms = kinds.map(([name, { form }]) => form?.[language] ?? `${name}+https://…`)
  return [enumerated(forms.slice(0, -1), language), ...forms.slice(-1)].join(TEXTS.or[language])
})

const NOTHING_MORE: Permission = { allowPrivate: false }

/**
 * Parses `CLB_DOCTOR_SINKS`: addresses separated by white space. An address that stands there twice is one receiver.
 * @throws ReceiverError for the first wrong address
 */
export function parseReceiverAddresses(
  text: string,
  permission: Permission = NOTHING_MORE,
): readonly ReceiverAddress[] {
  const addresses = [...new Set(text.split(/\s+/).filter((part) => part !== ''))]
  const failAt =
    (i: number): Fail =>
    (detail) =>
      new ReceiverError(filled(TEXTS.wrong.receiver, { place: i + 1, detail }))
  const parsed = addresses.map((address, i) => parse(address, failAt(i), permission))
  for (const [i, address] of parsed.entries()) {
    const first = parsed.findIndex((other) => isSame(address, other))
    if (first < i) throw failAt(i)(filled(TEXTS.wrong.same, { where: address.label, first: first + 1 }))
  }
  return parsed
}

/** Signs that people and other tools put between or around addresses. Each would become a part of an address. */
const STRAY: readonly (readonly [RegExp, Text])[] = [
  [/[,;|，；、｜][a-z][a-z0-9+.-]*:\/\//i, TEXTS.wrong.several],
  [/[,;|，；、｜。]$/, TEXTS.wrong.punctuation],
  [/^["'`“”‘’「『《<]|["'`“”‘’」』》>]$/, TEXTS.wrong.quotes],
  [/[\u200b-\u200f\u2060\u00ad]/, TEXTS.wrong.invisible],
]

/** A scheme of ours that is misspelt, or one of the Internet. */
const SCHEME = /^([a-z]{1,20}\+)?https?:$|^(smtp|mail|ftp|ws|tcp|redis)[a-z]{0,2}:$/

/** All receivers are guarded alike. */
const permitted = (address: ReceiverAddress, { allowPrivate }: Permission): ReceiverAddress => ({
  ...address,
  isGuarded: !allowPrivate,
  connect: ({ post, now }) => address.connect({ now, post: allowPrivate ? openPost(post) : post }),
})

function parse(address: string, fail: Fail, permission: Permission): ReceiverAddress {
  const stray = STRAY.find(([sign]) => sign.test(address))
  if (stray) throw fail(stray[1])
  const never = NEVER.find(([pattern]) => pattern.test(address))
  if (never) throw fail(filled(TEXTS.wrong.never, { kind: never[1] }))
  if (!URL.canParse(address)) throw fail(filled(TEXTS.wrong.noUrl, { forms: FORMS }))
  const url = new URL(address)
  for (const kind of Object.values(KINDS)) {
    const parsed = kind.parse(url, fail, permission)
    if (parsed) return permitted(parsed, permission)
  }
  // The begin of any other text can be the user of a login, or a key.
  if (!SCHEME.test(url.protocol)) throw fail(filled(TEXTS.wrong.noUrl, { forms: FORMS }))
  throw fail(filled(TEXTS.wrong.unknown, { scheme: url.protocol, forms: FORMS }))
}
