import { bareHost, isLoopback } from '../model/ip.ts'
import { Secret } from '../model/secret.ts'

interface Common {
  /** Kind and host: what logs and errors call it. */
  readonly label: string
}

export interface WecomAddress extends Common {
  readonly kind: 'wecom'
  readonly url: Secret
}

export interface WebhookAddress extends Common {
  readonly kind: 'webhook'
  readonly url: Secret
  /** Signing keys, decoded; several while they are rotated, none to send unsigned. */
  readonly keys: readonly Secret[]
}

export interface SmtpAddress extends Common {
  readonly kind: 'smtp'
  readonly host: string
  readonly port: number
  /** TLS from the first byte; else STARTTLS is required, but on loopback. */
  readonly tls: 'implicit' | 'starttls' | 'none'
  readonly user: string | null
  readonly password: Secret | null
  readonly from: string
  readonly to: readonly string[]
}

export type ReceiverAddress = WecomAddress | WebhookAddress | SmtpAddress

/** A receiver's address is wrong or not available. Names its position and kind, never its secret part. */
export class ReceiverError extends Error {
  override readonly name = 'ReceiverError'
}

const FORMS = 'a pasted WeCom group-bot URL, wecom+https://…, webhook+https://… or smtps://…'

/** Promised by the contract, not built yet: by scheme and by pasted host. */
const LATER: readonly (readonly [RegExp, string])[] = [
  [/^https:\/\/open\.(feishu\.cn|larksuite\.com)\/|^(feishu|lark)\+/i, 'Feishu'],
  [/^https:\/\/oapi\.dingtalk\.com\/|^dingtalk\+/i, 'DingTalk'],
  [/^https:\/\/hooks\.slack\.com\/|^slack\+/i, 'Slack'],
  [/^(jira|servicenow|tapd|pagerduty|github|gitlab|telegram|teams)\+https?:/i, 'ticket and paging'],
]

/**
 * `CLB_DOCTOR_SINKS`: addresses separated by white space. The same address twice is one receiver.
 * @throws ReceiverError for the first that is wrong
 */
export function parseReceiverAddresses(text: string): readonly ReceiverAddress[] {
  const addresses = [...new Set(text.split(/\s+/).filter((part) => part !== ''))]
  return addresses.map((address, i) =>
    parse(address, (detail) => new ReceiverError(`receiver ${i + 1} ${detail}`)),
  )
}

type Fail = (detail: string) => ReceiverError

function parse(address: string, fail: Fail): ReceiverAddress {
  const later = LATER.find(([pattern]) => pattern.test(address))
  if (later) throw fail(`(${later[1]}): this receiver is not available in this version; write ${FORMS}`)
  let url: URL
  try {
    url = new URL(address)
  } catch {
    throw fail(`is not a URL; write ${FORMS}`)
  }
  if (url.protocol === 'https:' && url.hostname === 'qyapi.weixin.qq.com') return wecom(url, fail)
  switch (url.protocol) {
    case 'wecom+https:':
    case 'wecom+http:':
      return wecom(plain(url, fail), fail)
    case 'webhook+https:':
    case 'webhook+http:':
      return webhook(plain(url, fail), fail)
    case 'smtps:':
    case 'smtp:':
      return smtp(url, fail)
    default:
      throw fail(`(${url.protocol.slice(0, 20)}//…) is not known; write ${FORMS}`)
  }
}

/** `wecom+https://…` → `https://…`; plain http is for loopback only. */
function plain(url: URL, fail: Fail): URL {
  // Only the inner scheme's rules know a bad host.
  const text = url.href.replace(/^[a-z]+\+/, '')
  if (url.hostname === '' || !URL.canParse(text)) throw fail(`(${url.protocol}//…) has no valid host`)
  const inner = new URL(text)
  if (inner.protocol === 'http:' && !isLoopback(inner.hostname))
    throw fail(`(${inner.hostname}): plain http is for loopback only; use https`)
  return inner
}

function wecom(url: URL, fail: Fail): WecomAddress {
  if (!url.searchParams.get('key'))
    throw fail(`(wecom ${url.hostname}) has no key=…; paste the whole webhook URL of the bot`)
  return { kind: 'wecom', label: `wecom ${url.host}`, url: new Secret(url.href) }
}

/** A plus sign is itself here: keys in base64 and addresses like ops+clb@example.com have them. */
const query = (url: URL): URLSearchParams => new URLSearchParams(url.search.replaceAll('+', '%2B'))

function webhook(url: URL, fail: Fail): WebhookAddress {
  const keys = query(url)
    .getAll('secret')
    .map((secret) => {
      const body = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
      const bytes = body === undefined ? 0 : Buffer.from(body, 'base64').length
      if (body === undefined || bytes < 24 || bytes > 64)
        throw fail(`(webhook ${url.hostname}): secret must be whsec_ and the base64 of 24 to 64 bytes`)
      return new Secret(body)
    })
  // The rest stays as it was written: searchParams would encode it anew, and break a URL that is signed itself.
  url.search = url.search
    .slice(1)
    .split('&')
    .filter((pair) => !pair.startsWith('secret='))
    .join('&')
  return { kind: 'webhook', label: `webhook ${url.host}`, url: new Secret(url.href), keys }
}

const ADDRESS = /^[^\s@<>"(),:;\\[\]]+@[^\s@<>"(),:;\\[\]]+$/

function smtp(url: URL, fail: Fail): SmtpAddress {
  const host = bareHost(url.hostname)
  const where = `(smtp ${host})`
  if (host === '') throw fail('(smtp) has no host')
  const from = query(url).get('from') ?? ''
  const to = query(url)
    .getAll('to')
    .flatMap((list) => list.split(',').map((one) => one.trim()))
  if (!ADDRESS.test(from)) throw fail(`${where} needs from=sender@example.com`)
  if (to.length === 0 || !to.every((one) => ADDRESS.test(one)))
    throw fail(`${where} needs to=oncall@example.com`)
  const implicit = url.protocol === 'smtps:'
  const decode = (part: string): string => {
    try {
      return decodeURIComponent(part)
    } catch {
      throw fail(`${where}: user and password must be percent-encoded`)
    }
  }
  if ((url.username === '') !== (url.password === ''))
    throw fail(`${where} needs both user and password, or neither`)
  return {
    kind: 'smtp',
    label: `smtp ${host}`,
    host,
    port: url.port === '' ? (implicit ? 465 : 587) : Number(url.port),
    tls: implicit ? 'implicit' : isLoopback(url.hostname) ? 'none' : 'starttls',
    user: url.username === '' ? null : decode(url.username),
    password: url.password === '' ? null : new Secret(decode(url.password)),
    from,
    to,
  }
}
