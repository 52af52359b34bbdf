import { type Now, type Reply, standIn, windowOf } from './stand-in.ts'
import { shelfOf, type Ticket, type TicketStandIn, ticketsIn } from './tickets.ts'

export const TAPD = { user: 'api-user', password: 'p1antedpassword5f2a', workspace: '10158231' } as const

const STATUSES = ['new', 'in_progress', 'resolved', 'closed', 'reopened']
/** From, and where a bug may go from there. */
const WORKFLOW: Readonly<Record<string, readonly string[]>> = {
  new: ['in_progress', 'resolved', 'closed'],
  in_progress: ['resolved', 'closed'],
  resolved: ['closed', 'reopened'],
  closed: ['reopened'],
  reopened: ['in_progress', 'resolved', 'closed'],
}

/** PHP writes every other character than ASCII as an escape. */
const escaped = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
const ok = (data: unknown): Reply => ({ body: escaped(JSON.stringify({ status: 1, data, info: 'success' })) })
const wrong = (status: number, info: string): Reply => ({
  status,
  body: JSON.stringify({ status, data: [], info }),
})

interface Bug extends Ticket {
  status: string
  isDone: boolean
  comments: string[]
}

/** Bugs of TAPD, one workspace: parameters as a form, 60 requests a minute, a workflow. */
export async function startTapd(now: Now = Date.now): Promise<TicketStandIn> {
  const shelf = shelfOf<Bug>(now)
  const bugs = shelf.tickets
  const minute = windowOf(60, 60_000, now)
  let made = 0
  let lost = 0

  const service = await standIn(`/?workspace=${TAPD.workspace}`, (request, show) => {
    const { url, method, headers, body } = request
    const login = `Basic ${Buffer.from(`${TAPD.user}:${TAPD.password}`).toString('base64')}`
    if (headers.authorization !== login) return wrong(401, 'Unauthorized')
    if (!minute()) return wrong(429, 'API quota exceeded')
    const isForm = String(headers['content-type']).startsWith('application/x-www-form-urlencoded')
    if (method === 'POST' && !isForm) return wrong(422, 'Parameters must be a form')
    const given = method === 'GET' ? url.searchParams : new URLSearchParams(body)
    if (given.get('workspace_id') !== TAPD.workspace) return wrong(404, 'workspace not found')
    const reply = served(`${method} ${url.pathname}`, given, (title, text) =>
      show({ text: `${title}\n${text}`, mentions: mentionsIn(text) }),
    )
    if (method === 'GET' || lost === 0 || (reply.status ?? 200) >= 400) return reply
    lost -= 1
    return { ...reply, isLost: true }
  })

  function served(route: string, given: URLSearchParams, show: (title: string, text: string) => void): Reply {
    switch (route) {
      case 'GET /workspaces/get_workspace_info':
        return ok({ Workspace: { id: TAPD.workspace, name: 'shop', status: 'normal' } })
      case 'GET /bugs':
        return ok(
          (given.has('id')
            ? bugs.filter(({ key }) => key === given.get('id'))
            : shelf.found(given.get('label') ?? '')
          )
            .slice(0, Number(given.get('limit')))
            .map(({ key, status }) => ({ Bug: { id: key, status } })),
        )
      case 'POST /bugs':
        return given.has('id') ? changed(given) : created(given, show)
      case 'POST /comments': {
        const bug = bugs.find(({ key }) => key === given.get('entry_id'))
        const text = given.get('description') ?? ''
        if (given.get('entry_type') !== 'bug' || !given.get('author') || text === '')
          return wrong(422, 'parameters')
        bug?.comments.push(text)
        show('', text)
        return ok({ Comment: { id: '1' } })
      }
      default:
        return wrong(404, 'no such route')
    }
  }

  function created(given: URLSearchParams, show: (title: string, text: string) => void): Reply {
    const title = given.get('title') ?? ''
    const text = given.get('description') ?? ''
    if (title === '') return wrong(422, 'title is required')
    made += 1
    const key = `11${TAPD.workspace}${String(made).padStart(9, '0')}`
    const labels = (given.get('label') ?? '').split('|')
    shelf.put({ key, title, text, labels, status: 'new', isDone: false, comments: [] })
    show(title, text)
    return ok({ Bug: { id: key, title, description: text, status: 'new' } })
  }

  function changed(given: URLSearchParams): Reply {
    const bug = bugs.find(({ key }) => key === given.get('id'))
    const status = given.get('status') ?? ''
    if (!bug) return wrong(404, 'bug not found')
    if (!(WORKFLOW[bug.status] ?? []).includes(status)) return wrong(422, 'status')
    setStatus(bug.key, status)
    return ok({ Bug: { id: bug.key, status } })
  }

  function setStatus(key: string, status: string): void {
    const bug = bugs.find((one) => one.key === key)
    if (!bug || !STATUSES.includes(status)) throw new Error(`no ${key}, or no ${status}`)
    bug.status = status
    bug.isDone = status === 'closed'
  }

  return ticketsIn(
    service,
    shelf,
    (count) => {
      lost = count
    },
    setStatus,
  )
}

const mentionsIn = (html: string): readonly string[] =>
  html.replace(/<pre>[\s\S]*?<\/pre>/g, '').match(/(?<!\w)@[\p{L}\p{N}]+/gu) ?? []
