import { Secret } from '../../model/secret.ts'
import { reportOf } from '../../render/index.ts'
import { printWecomapp } from '../../render/printers/wecomapp.ts'
import { filled } from '../../text/index.ts'
import {
  type Address,
  type Fail,
  identityOf,
  type Means,
  queryOf,
  type ReceiverKind,
  webAddress,
} from '../address.ts'
import { codeIn, outcomeOfStatus } from '../post.ts'
import type { Outcome, Receiver } from '../receiver.ts'
import { TEXTS } from '../texts.ts'
import { isTokenRefused, outcomeOfAnswer, type People } from './answer.ts'
import { type Application, tokensOf } from './token.ts'

/** The most members, and the most departments or tags, of one message (delivery facts 1.3). */
const MOST_MEMBERS = 1_000
const MOST_GROUPS = 100
/** WeCom drops what has the same request JSON as a message of this time. It may be four hours at most. */
const DUPLICATE_S = 1_800
/** An attempt needs its time, too. */
const REPEAT_MS = (DUPLICATE_S - 60) * 1_000

interface WecomappAddress extends Address, Application {
  readonly kind: 'wecomapp'
  readonly agent: number
  readonly people: People
}

export const wecomapp = {
  parse(given, fail): WecomappAddress | null {
    const url = webAddress(given, 'wecomapp', fail)
    if (!url) return null
    const where = `wecomapp ${url.hostname}`
    const [corpid, secret] = loginIn(url, where, fail)
    const [agent = '', ...others] = queryOf(url).getAll('agent')
    if (!/^\d{1,10}$/.test(agent) || others.length > 0) throw fail(filled(TEXTS.wrong.appAgent, { where }))
    const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
    const people = peopleIn(url, where, fail)
    const address: WecomappAddress = {
      kind: 'wecomapp',
      label: `wecomapp ${url.host}`,
      identity: identityOf('wecomapp', base, corpid, Number(agent), ...identitiesOf(people)),
      // It is a limit for each member, and one can be among the people of several receivers.
      limit: identityOf('wecomapp', base, corpid, Number(agent)),
      base,
      corpid,
      secret: new Secret(secret),
      agent: Number(agent),
      people,
      connect: (means) => createWecomappReceiver(address, means),
    }
    return address
  },
} satisfies ReceiverKind

function loginIn({ username, password }: URL, where: string, fail: Fail): readonly [string, string] {
  if (username === '' || password === '') throw fail(filled(TEXTS.wrong.appLogin, { where }))
  try {
    return [decodeURIComponent(username), decodeURIComponent(password)]
  } catch {
    throw fail(filled(TEXTS.wrong.encoded, { where }))
  }
}

function peopleIn(url: URL, where: string, fail: Fail): People {
  const listIn = (name: string): readonly string[] =>
    queryOf(url)
      .getAll(name)
      .flatMap((list) => list.split('|'))
  const wrong = (): Error => fail(filled(TEXTS.wrong.appTo, { where }))
  const [touser, toparty, totag] = [listIn('to'), listIn('party'), listIn('tag')]
  const isMember = (one: string): boolean => /^[\w.@-]{1,64}$/.test(one)
  const isNumber = (one: string): boolean => /^\d{1,10}$/.test(one)
  if (!touser.every(isMember) || ![...toparty, ...totag].every(isNumber)) throw wrong()
  if (touser.length > MOST_MEMBERS || Math.max(toparty.length, totag.length) > MOST_GROUPS) throw wrong()
  if (touser.length + toparty.length + totag.length === 0) throw wrong()
  return { touser, toparty, totag }
}

/** In any order. */
const identitiesOf = (people: People): readonly string[] =>
  Object.entries(people)
    .flatMap(([name, list]) => list.map((one: string) => `${name} ${one}`))
    .toSorted()

/**
 * WeCom application message: one markdown message of at most 2048 bytes to members. `errcode` decides.
 *
 * WeCom drops a request whose JSON it has had within half an hour. A message is made anew for each attempt, and then it can
 * say something else, so the receiver keeps the JSON of an attempt with an unknown outcome and sends that again, without
 * the mark of a repeat: people see it once. Another process does not have it. Its repeat is marked, as in a chat. So
 * the receiver does not count as idempotent.
 */
export function createWecomappReceiver(receiver: WecomappAddress, means: Means): Receiver {
  const { post, now } = means
  const tokens = tokensOf(receiver, means)
  const kept = createKept(now)

  /** `refused`: the token, if WeCom did not take it. */
  async function once(body: string, signal: AbortSignal, before: Secret | null) {
    const granted = await tokens.get(signal, before)
    if (granted.kind === 'failed') return { outcome: granted.outcome, refused: null }
    const query = new URLSearchParams({ access_token: granted.token.reveal() })
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    const posted = await post(`${receiver.base}/cgi-bin/message/send?${query}`, { headers, body }, signal)
    if (posted.kind === 'failed') return { outcome: posted.outcome, refused: null }
    const outcome: Outcome = outcomeOfStatus(posted, now()) ?? outcomeOfAnswer(posted.body, receiver.people)
    const isRefused = posted.status === 200 && isTokenRefused(codeIn(posted.body, 'errcode'))
    return { outcome, refused: isRefused ? granted.token : null }
  }

  return {
    kind: 'wecomapp',
    label: receiver.label,
    idempotent: false,
    // WeCom silently drops what is over 30 a minute or 1,000 an hour to one member (delivery facts 1.3).
    windows: [
      { most: 20, perMs: 60_000 },
      { most: 300, perMs: 3_600_000 },
    ],
    namesIn: async (digest) => printWecomapp(await reportOf(digest), { mayRepeat: true }).incidents,
    // Half of what a group bot takes.
    digestSize: 6,
    async send({ id, message, mayRepeat }, signal) {
      const body =
        (mayRepeat ? kept.bodyOf(id) : null) ??
        bodyOf(receiver, printWecomapp(await reportOf(message), { mayRepeat }).text)
      const startedAt = now()
      const first = await once(body, signal, null)
      const { outcome } = first.refused ? await once(body, signal, first.refused) : first
      if (outcome.kind === 'unknown') kept.keep(id, body, startedAt)
      return outcome
    },
  }
}

const bodyOf = ({ agent, people }: WecomappAddress, content: string): string =>
  JSON.stringify({
    ...Object.fromEntries(
      Object.entries(people).flatMap(([name, list]) => (list.length > 0 ? [[name, list.join('|')]] : [])),
    ),
    msgtype: 'markdown',
    agentid: agent,
    markdown: { content },
    safe: 0,
    enable_duplicate_check: 1,
    duplicate_check_interval: DUPLICATE_S,
  })

/** The requests that may have arrived, while WeCom knows them again. */
function createKept(now: () => number) {
  const bodies = new Map<string, { readonly body: string; readonly at: number }>()
  return {
    bodyOf(id: string): string | null {
      const one = bodies.get(id)
      return one && now() - one.at < REPEAT_MS ? one.body : null
    },
    /** WeCom counts from the first attempt. */
    keep(id: string, body: string, at: number): void {
      for (const [other, one] of bodies) if (now() - one.at >= REPEAT_MS) bodies.delete(other)
      if (bodies.get(id)?.body !== body) bodies.set(id, { body, at })
    },
  }
}
