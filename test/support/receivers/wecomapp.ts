import {
  field,
  type Now,
  objectIn,
  type Reply,
  type Shown,
  type StandIn,
  standIn,
  windowOf,
} from './stand-in.ts'

export const WECOMAPP = {
  corpid: 'ww0a1b2c3d4e5f6071',
  secret: 'p1anted-app-secret-77aa',
  agent: 1000002,
  query: 'agent=1000002&to=zhangsan|lisi',
} as const

const MEMBERS = ['zhangsan', 'lisi', 'wangwu']
const PARTIES = ['1', '2']
const TAGS = ['7']
const LIFE_S = 7_200
const MOST_BYTES = 2_048
const MOST_WRONG = 5
const HOUR_MS = 3_600_000

export interface WecomappStandIn extends StandIn {
  /** How often a token was asked for. */
  readonly asked: number
  /** How many requests had a message, also one that was dropped. */
  readonly sent: number
  /** The service ends the tokens of today, as it may at any time. */
  endTokens(): void
  /** The next request is lost, or only its answer. */
  lose(what: 'request' | 'answer'): void
  /** Only requests from trusted addresses are taken. */
  trust(isTrusted: boolean): void
}

const coded = (errcode: number, errmsg = 'x', more: object = {}): Reply => ({
  body: JSON.stringify({ errcode, errmsg, ...more }),
})

/**
 * A WeCom application (developer.work.weixin.qq.com/document/path/90236): tokens of two hours; 30 a minute and 1,000 an
 * hour to a member, silently dropped; markdown of 2048 bytes; the same request JSON is shown once.
 */
export async function startWecomapp(now: Now = Date.now): Promise<WecomappStandIn> {
  const state = { asked: 0, sent: 0, isTrusted: true, wrong: [] as number[], lost: '' }
  const tokens = new Map<string, number>()
  const had = new Map<string, number>()
  const limits = new Map(
    MEMBERS.map((one) => [one, [windowOf(30, 60_000, now), windowOf(1_000, HOUR_MS, now)] as const]),
  )

  function token({ searchParams }: URL): Reply {
    state.asked += 1
    if (state.wrong.filter((at) => now() - at < HOUR_MS).length >= MOST_WRONG) return coded(45009)
    const isKnown = searchParams.get('corpid') === WECOMAPP.corpid
    if (!isKnown || searchParams.get('corpsecret') !== WECOMAPP.secret) {
      state.wrong.push(now())
      return isKnown ? coded(40001, 'invalid credential') : coded(40013, 'invalid corpid')
    }
    const valid = [...tokens].find(([, until]) => now() < until)
    // It gives the same one while that is valid.
    const access_token = valid?.[0] ?? `p1anted-token-${tokens.size}`
    const until = valid?.[1] ?? now() + LIFE_S * 1_000
    tokens.set(access_token, until)
    return coded(0, 'ok', { access_token, expires_in: Math.round((until - now()) / 1_000) })
  }

  function message({ searchParams }: URL, body: string, show: (message: Shown) => void): Reply {
    const access = searchParams.get('access_token')
    const until = access ? tokens.get(access) : undefined
    if (!access) return coded(41001, 'access_token missing')
    if (until === undefined) return coded(40014, 'invalid access_token')
    if (now() >= until) return coded(42001, 'access_token expired')
    if (!state.isTrusted)
      return coded(
        60020,
        'not allow to access from your ip, hint: [1706848717], from ip: 203.0.113.7, more info at x',
      )
    const asked = objectIn(body)
    if (!asked) return coded(47001, 'data format error')
    if (asked.agentid !== WECOMAPP.agent) return coded(301002, 'agentid and access_token not match')
    if (asked.msgtype !== 'markdown') return coded(40008, 'invalid message type')
    const content = field(asked.markdown, 'content')
    if (typeof content !== 'string' || content === '') return coded(44004, 'empty content')
    if (Buffer.byteLength(content) > MOST_BYTES)
      return coded(40058, 'markdown.content exceed max length 2048')
    const named = (name: string): readonly string[] => (asked[name] ? String(asked[name]).split('|') : [])
    const unknown = (name: string, known: readonly string[]): string =>
      named(name)
        .filter((one) => one !== '@all' && !known.includes(one.toLowerCase()))
        .join('|')
        .toLowerCase()
    const missed = {
      invaliduser: unknown('touser', MEMBERS),
      invalidparty: unknown('toparty', PARTIES),
      invalidtag: unknown('totag', TAGS),
    }
    const lists = ['touser', 'toparty', 'totag'].map(named)
    if (lists.every((list) => list.length === 0)) return coded(82001, 'no receiver')
    if (lists.flat().join('|').toLowerCase() === Object.values(missed).filter(Boolean).join('|'))
      return coded(81013, 'user & party & tag all invalid', missed)
    state.sent += 1
    const spanMs = Number(asked.duplicate_check_interval) * 1_000
    const isRepeat = asked.enable_duplicate_check === 1 && now() - (had.get(body) ?? -Infinity) < spanMs
    if (!isRepeat) {
      had.set(body, now())
      const people = MEMBERS.filter((one) => named('touser').includes(one) || named('touser')[0] === '@all')
      const isTaken = people.map((one) => (limits.get(one) ?? []).every((take) => take()))
      if (people.length === 0 || isTaken.includes(true))
        show({ text: content.replace(/<\/?font[^>]*>/g, ''), mentions: mentionsIn(content) })
    }
    return coded(0, 'ok', { ...missed, msgid: 'x' })
  }

  const service = await standIn('', ({ url, method, body }, show) => {
    if (url.pathname === '/cgi-bin/gettoken') return method === 'GET' ? token(url) : coded(43001)
    if (url.pathname === '/cgi-bin/message/send') {
      const { lost } = state
      state.lost = ''
      if (lost === 'request') return { body: '', isLost: true }
      const answer = method === 'POST' ? message(url, body, show) : coded(43002)
      return lost === 'answer' ? { ...answer, isLost: true } : answer
    }
    return { status: 404, body: '' }
  })
  return {
    url: service.url,
    shown: service.shown,
    close: service.close,
    get asked() {
      return state.asked
    },
    get sent() {
      return state.sent
    },
    endTokens() {
      for (const access of tokens.keys()) tokens.set(access, now())
    },
    lose(what) {
      state.lost = what
    },
    trust(isTrusted) {
      state.isTrusted = isTrusted
    },
  }
}

const mentionsIn = (content: string): readonly string[] =>
  [...content.matchAll(/<@([^>]+)>/g)].map((match) => match[1] ?? '')
