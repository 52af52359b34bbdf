import { field, type Now, objectIn, type Reply, standIn, windowOf } from './stand-in.ts'
import { shelfOf, type Ticket, type TicketStandIn, ticketsIn } from './tickets.ts'

export const JIRA = { user: 'ops@example.com', token: 'p1antedtoken5f2a', project: 'OPS' } as const

const LIMITS = { summary: 255, text: 32_767 }
/** A search shows an issue this late. */
const LAG_MS = 2_000
const STATUSES = ['To Do', 'In Progress', 'Done']
/** Name of the transition, from, to. The names are not those of the statuses. */
const WORKFLOW = [
  ['Start work', 'To Do', 'In Progress'],
  ['Resolve', 'To Do', 'Done'],
  ['Resolve', 'In Progress', 'Done'],
  ['Back to the list', 'Done', 'To Do'],
] as const
const FIELDS = new Set(['project', 'issuetype', 'summary', 'description', 'labels'])

const TYPES = [
  { name: 'Sub-task', subtask: true },
  { name: 'Task', subtask: false },
  { name: 'Bug', subtask: false },
]

const ok = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) })
const wrong = (
  status: number,
  errors: Readonly<Record<string, string>> = {},
  words: readonly string[] = [],
): Reply => ok({ errorMessages: words, errors }, status)

interface Issue extends Ticket {
  status: string
  isDone: boolean
  comments: string[]
}

/**
 * Jira Cloud, API v3, one project: a search that lags, documents in ADF, limits of bursts and of one issue, a workflow whose
 * transitions depend on the status.
 */
export async function startJira(now: Now = Date.now): Promise<TicketStandIn> {
  const shelf = shelfOf<Issue>(now, LAG_MS)
  const issues = shelf.tickets
  const burst = windowOf(100, 1_000, now)
  const perIssue = new Map<string, () => boolean>()
  let lost = 0
  let made = 0

  const service = await standIn(`/?project=${JIRA.project}`, (request, show) => {
    const { url, method, body, headers } = request
    const login = `Basic ${Buffer.from(`${JIRA.user}:${JIRA.token}`).toString('base64')}`
    if (headers.authorization !== login) return wrong(401, {}, ['Client must be authenticated'])
    if (!burst()) return limited('jira-burst-based', 1)
    const route = `${method} ${url.pathname.replace('/rest/api/3/', '')}`
    if (method === 'POST' && !String(headers['content-type']).startsWith('application/json'))
      return wrong(415, {}, ['Unsupported Media Type'])
    const given = method === 'POST' ? objectIn(body) : {}
    if (!given) return wrong(400, {}, ['not JSON'])
    if (route === 'GET mypermissions') return permissionsOf(url.searchParams)
    const reply = served(route, given, (text) => show({ text, mentions: [] }))
    const isWrite = method === 'POST' && !route.endsWith('search/jql')
    if (!isWrite || lost === 0 || (reply.status ?? 200) >= 400) return reply
    lost -= 1
    return { ...reply, isLost: true }
  })

  function served(
    route: string,
    given: Readonly<Record<string, unknown>>,
    show: (text: string) => void,
  ): Reply {
    if (route === `GET project/${JIRA.project}`)
      return ok({ id: '10000', key: JIRA.project, archived: false, issueTypes: TYPES })
    if (/^(GET|POST) search$/.test(route)) return wrong(410, {}, ['The requested API has been removed.'])
    if (route === 'POST search/jql') return searched(given)
    if (route === 'POST issue') return created(given, show)
    const [, verb, key, rest = ''] = /^(GET|POST) issue\/([^/]+)(\/.*)?$/.exec(route) ?? []
    const issue = issues.find((one) => one.key === key)
    if (!issue) return wrong(404, {}, ['Issue does not exist or you do not have permission to see it.'])
    if (verb === 'GET' && rest === '') return ok({ key, fields: { status: statusOf(issue.status) } })
    if (verb === 'GET' && rest === '/transitions') return ok({ transitions: transitionsFrom(issue.status) })
    const writes = perIssue.get(issue.key) ?? windowOf(20, 2_000, now)
    perIssue.set(issue.key, writes)
    if (!writes()) return limited('jira-per-issue-on-write', 2)
    if (verb === 'POST' && rest === '/comment') return commented(issue, given, show)
    if (verb === 'POST' && rest === '/transitions') return moved(issue, given)
    return wrong(404, {}, ['no such route'])
  }

  function searched(given: Readonly<Record<string, unknown>>): Reply {
    const [, project, label] = /project = "([^"]*)" AND labels = "([^"\s]*)"/.exec(String(given.jql)) ?? []
    if (project === undefined || label === undefined) return wrong(400, {}, ['Error in the JQL query'])
    if (project !== JIRA.project)
      return wrong(400, {}, [`The value '${project}' does not exist for the field 'project'.`])
    const found = shelf.found(label).slice(0, Number(given.maxResults))
    const isFull = Array.isArray(given.fields) && given.fields.includes('status')
    // Without `fields` there are only ids, and there is no total.
    return ok({
      isLast: true,
      issues: found.map((one) =>
        isFull ? { id: one.key, key: one.key, fields: { status: statusOf(one.status) } } : { id: one.key },
      ),
    })
  }

  function created(given: Readonly<Record<string, unknown>>, show: (text: string) => void): Reply {
    const fields = given.fields
    const names = typeof fields === 'object' && fields !== null ? Object.keys(fields) : []
    const errors: Record<string, string> = {}
    for (const name of names) if (!FIELDS.has(name)) errors[name] = `Field '${name}' cannot be set.`
    if (field(field(fields, 'project'), 'key') !== JIRA.project)
      return wrong(404, {}, [`No project could be found with key ${JIRA.project}.`])
    if (field(field(fields, 'issuetype'), 'name') !== 'Task') errors.issuetype = 'Specify a valid issue type'
    const summary = field(fields, 'summary')
    if (
      typeof summary !== 'string' ||
      summary === '' ||
      /[\r\n]/.test(summary) ||
      summary.length > LIMITS.summary
    )
      errors.summary = `Summary must be less than ${LIMITS.summary} characters on one line.`
    const labels = field(fields, 'labels')
    if (!Array.isArray(labels) || labels.some((one) => typeof one !== 'string' || /\s/.test(one)))
      errors.labels = 'The label contains spaces which is invalid.'
    const description = field(fields, 'description')
    const text = textOf(description)
    if (text === null) errors.description = 'Operation value must be an Atlassian Document'
    else if (JSON.stringify(description).length > LIMITS.text) errors.description = 'CONTENT_LIMIT_EXCEEDED'
    if (text === null || Object.keys(errors).length > 0) return wrong(400, errors)
    made += 1
    const key = `${JIRA.project}-${made}`
    shelf.put({
      key,
      title: String(summary),
      text,
      labels: labels as readonly string[],
      status: 'To Do',
      isDone: false,
      comments: [],
    })
    show(`${String(summary)}\n${text}`)
    return ok({ id: String(10_000 + made), key, self: '' }, 201)
  }

  function commented(
    issue: Issue,
    given: Readonly<Record<string, unknown>>,
    show: (text: string) => void,
  ): Reply {
    const text = textOf(given.body)
    if (text === null) return wrong(400, { comment: 'Comment body is not valid!' })
    if (JSON.stringify(given.body).length > LIMITS.text)
      return wrong(400, { comment: 'CONTENT_LIMIT_EXCEEDED' })
    issue.comments.push(text)
    show(text)
    return ok({ id: String(issue.comments.length) }, 201)
  }

  function moved(issue: Issue, given: Readonly<Record<string, unknown>>): Reply {
    const id = field(given.transition, 'id')
    const found = transitionsFrom(issue.status).find((one) => one.id === id)
    if (!found)
      return wrong(400, {}, [
        'It seems that you have tried to perform an operation which you are not permitted to perform.',
      ])
    issue.status = found.to.name
    issue.isDone = found.to.statusCategory.key === 'done'
    return { status: 204, body: '' }
  }

  return ticketsIn(
    service,
    shelf,
    (count) => {
      lost = count
    },
    (key, status) => {
      const issue = issues.find((one) => one.key === key)
      if (!issue || !STATUSES.includes(status)) throw new Error(`no ${key}, or no ${status}`)
      issue.status = status
      issue.isDone = status === 'Done'
    },
  )
}

/** Those that are asked for by name. Without names it is refused. */
function permissionsOf(query: URLSearchParams): Reply {
  const names = (query.get('permissions') ?? '').split(',').filter((name) => /^[A-Z_]+$/.test(name))
  if (names.length === 0) return wrong(400, {}, ["The 'permissions' query parameter is required."])
  if (query.get('projectKey') !== JIRA.project)
    return wrong(404, {}, [`No project could be found with key '${query.get('projectKey')}'.`])
  return ok({ permissions: Object.fromEntries(names.map((key) => [key, { key, havePermission: true }])) })
}

const limited = (reason: string, seconds: number): Reply => ({
  status: 429,
  headers: { 'retry-after': String(seconds), 'ratelimit-reason': reason },
  body: '{}',
})

const statusOf = (name: string) => ({
  name,
  statusCategory: { key: name === 'Done' ? 'done' : name === 'To Do' ? 'new' : 'indeterminate' },
})

const transitionsFrom = (status: string) =>
  WORKFLOW.flatMap(([name, from, to], i) =>
    from === status ? [{ id: String(11 + i), name, to: statusOf(to) }] : [],
  )

const INLINE = new Set(['text', 'hardBreak'])
/** What each node may hold. */
const CONTENT: Readonly<Record<string, ReadonlySet<string>>> = {
  doc: new Set(['heading', 'paragraph', 'bulletList', 'orderedList', 'codeBlock', 'blockquote', 'rule']),
  heading: INLINE,
  paragraph: INLINE,
  bulletList: new Set(['listItem']),
  orderedList: new Set(['listItem']),
  listItem: new Set(['paragraph', 'bulletList', 'orderedList', 'codeBlock']),
  blockquote: new Set(['paragraph', 'bulletList', 'orderedList', 'codeBlock']),
  codeBlock: new Set(['text']),
}

/** The text of an ADF document. Null: it is not one that Jira takes. */
function textOf(value: unknown): string | null {
  if (field(value, 'type') !== 'doc' || field(value, 'version') !== 1) return null
  return blockText(value)
}

function blockText(node: unknown): string | null {
  const type = String(field(node, 'type'))
  const content = field(node, 'content')
  const allowed = CONTENT[type]
  if (!allowed || !Array.isArray(content)) return null
  if (/List|listItem|blockquote/.test(type) && content.length === 0) return null
  if (type === 'heading' && ![1, 2, 3, 4, 5, 6].includes(Number(field(field(node, 'attrs'), 'level'))))
    return null
  const texts = content.map((inner) =>
    allowed.has(String(field(inner, 'type')))
      ? field(inner, 'type') === 'text'
        ? inlineText(inner, type)
        : blockText(inner)
      : null,
  )
  if (texts.some((one) => one === null)) return null
  return texts.join(allowed.has('text') ? '' : '\n')
}

/** A text node is never empty, and one in code has no marks. */
function inlineText(node: unknown, parent: string): string | null {
  const text = field(node, 'text')
  const marks = field(node, 'marks') ?? []
  if (typeof text !== 'string' || text === '' || !Array.isArray(marks)) return null
  if (parent === 'codeBlock' && marks.length > 0) return null
  const links = marks
    .filter((mark) => field(mark, 'type') === 'link')
    .map((mark) => field(field(mark, 'attrs'), 'href'))
  if (marks.some((mark) => !['strong', 'em', 'code', 'link'].includes(String(field(mark, 'type')))))
    return null
  if (links.some((href) => typeof href !== 'string' || !/^https?:\/\//.test(href))) return null
  return links.length > 0 ? `⟦${text}⟧(${String(links[0])})` : text
}
