import { type Now, objectIn, type Reply, standIn, windowOf } from './stand-in.ts'
import { shelfOf, type Ticket, type TicketStandIn, ticketsIn } from './tickets.ts'

export const GITHUB = { token: 'ghp_p1antedtoken5f2a', path: '/repos/shop/ops' } as const

const MOST_BODY = 65_536
const MOST_LABEL = 50

const ok = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) })
const wrong = (status: number, message: string, fields: readonly string[] = []): Reply =>
  ok({ message, errors: fields.map((one) => ({ resource: 'Issue', field: one, code: 'invalid' })) }, status)

interface Issue extends Ticket {
  isDone: boolean
  status: string
  comments: string[]
}

/** Whom GitHub would mention, and which issues it would refer to: what looks like one outside of code. */
const mentionsIn = (text: string): readonly string[] => {
  const prose = text.replace(/^(`{3,})[^\n]*\n[\s\S]*?^\1$/gm, '').replace(/\]\([^)]*\)/g, ']')
  return prose.match(/(?<![\w`])@[A-Za-z0-9][\w-]*|(?<![\w&`])#\d+|\bGH-\d+/g) ?? []
}

/** Issues of GitHub, one repository: 80 new contents a minute, then 403; a list that shows an issue at once. */
export async function startGithub(now: Now = Date.now): Promise<TicketStandIn> {
  const shelf = shelfOf<Issue>(now)
  const issues = shelf.tickets
  const minute = windowOf(80, 60_000, now)
  let made = 0
  let lost = 0

  const service = await standIn(GITHUB.path, (request, show) => {
    const { url, method, headers, body } = request
    if (headers['user-agent'] === undefined) return wrong(403, 'Request forbidden by administrative rules.')
    if (headers.authorization !== `Bearer ${GITHUB.token}`) return wrong(401, 'Bad credentials')
    if (!url.pathname.startsWith(GITHUB.path)) return wrong(404, 'Not Found')
    const given = method === 'GET' ? {} : objectIn(body)
    if (!given) return wrong(400, 'Problems parsing JSON')
    const route = `${method} ${url.pathname.slice(GITHUB.path.length)}`
    const reply = served(route, given, url.searchParams, (title, text) =>
      show({ text: `${title}\n${text}`, mentions: mentionsIn(text) }),
    )
    if (method === 'GET' || lost === 0 || (reply.status ?? 200) >= 400) return reply
    lost -= 1
    return { ...reply, isLost: true }
  })

  function served(
    route: string,
    given: Readonly<Record<string, unknown>>,
    query: URLSearchParams,
    show: (title: string, text: string) => void,
  ): Reply {
    if (route === 'GET ')
      return {
        ...ok({
          id: 1,
          full_name: 'shop/ops',
          private: true,
          archived: false,
          disabled: false,
          has_issues: true,
          permissions: { admin: false, maintain: false, push: true, triage: true, pull: true },
        }),
        // A classic token.
        headers: { 'x-oauth-scopes': 'read:org, repo' },
      }
    if (route === 'GET /issues') {
      const label = query.get('labels') ?? ''
      const isAll = query.get('state') === 'all'
      const found = shelf.found(label).filter((one) => isAll || !one.isDone)
      return ok(found.slice(0, Number(query.get('per_page'))).map(shownOf))
    }
    if (route === 'POST /issues') return created(given, show)
    const [, verb, number, rest] = /^(GET|PATCH|POST) \/issues\/(\d+)(\/comments)?$/.exec(route) ?? []
    const issue = issues.find(({ key }) => key === number)
    if (!issue)
      return wrong(number !== undefined && Number(number) <= made ? 410 : 404, 'This issue was deleted')
    if (verb === 'GET') return ok(shownOf(issue))
    if (verb === 'PATCH') return changed(issue, given)
    if (verb !== 'POST' || rest === undefined) return wrong(404, 'Not Found')
    if (!minute()) return limited()
    const { body } = given
    if (typeof body !== 'string' || body === '' || body.length > MOST_BODY)
      return wrong(422, 'Validation Failed', ['body'])
    issue.comments.push(body)
    show('', body)
    return ok({ id: 1, body }, 201)
  }

  function created(
    given: Readonly<Record<string, unknown>>,
    show: (title: string, text: string) => void,
  ): Reply {
    if (!minute()) return limited()
    const { title, body, labels } = given
    const errors = [
      ...(typeof title === 'string' && title !== '' && title.length <= 256 ? [] : ['title']),
      ...(typeof body === 'string' && body.length <= MOST_BODY ? [] : ['body']),
      ...(Array.isArray(labels) && labels.every((one) => typeof one === 'string' && one.length <= MOST_LABEL)
        ? []
        : ['labels']),
    ]
    if (errors.length > 0) return wrong(422, 'Validation Failed', errors)
    made += 1
    const issue: Issue = {
      key: String(made),
      title: String(title),
      text: String(body),
      labels: labels as readonly string[],
      status: 'open',
      isDone: false,
      comments: [],
    }
    shelf.put(issue)
    show(issue.title, issue.text)
    return ok(shownOf(issue), 201)
  }

  return ticketsIn(
    service,
    shelf,
    (count) => {
      lost = count
    },
    (key, status) => {
      const issue = issues.find((one) => one.key === key)
      if (issue) changed(issue, { state: status })
    },
  )
}

function changed(issue: Issue, given: Readonly<Record<string, unknown>>): Reply {
  if (given.state !== 'open' && given.state !== 'closed') return wrong(422, 'Validation Failed', ['state'])
  issue.status = given.state
  issue.isDone = given.state === 'closed'
  return ok(shownOf(issue))
}

/** An answer repeats the body. */
const shownOf = ({ key, title, text, labels, status }: Issue) => ({
  number: Number(key),
  title,
  body: text,
  state: status,
  labels: labels.map((name) => ({ name })),
})

const limited = (): Reply => ({
  status: 403,
  headers: { 'retry-after': '60' },
  body: '{"message":"You have exceeded a secondary rate limit."}',
})
