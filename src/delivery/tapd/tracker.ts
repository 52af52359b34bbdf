import { isObject, text } from '../../model/untrusted.ts'
import { printTapd, tapdTitle } from '../../render/printers/tapd.ts'
import { type Answer, isTaken, noApi, type Request, type Rest, refused, strange, unclear } from '../rest.ts'
import { AttemptError, GoneError, type Tracker } from '../tickets.ts'
import { checkTapd } from './check.ts'

export interface TapdWorkspace {
  readonly id: string
  /** Who writes the comments. */
  readonly author: string
  /** The status on recovery, and the one after a return. */
  readonly done: string
  readonly reopen: string
}

/** The list of bugs needs no search. A request whose answer was lost may still be served for a while, or shown by a copy. */
const LAG_MS = 2 * 60_000
/** A status that an answer names, for a reason. Any other word stays out of the log. */
const STATUS = /^[a-z_]{1,20}$|^status_\d{1,3}$/

/** Bugs of one workspace. */
export function createTapdTracker(rest: Rest, workspace: TapdWorkspace): Tracker {
  const { id: workspaceId, done, reopen } = workspace
  const form = (fields: Readonly<Record<string, string>>) => ({
    type: 'application/x-www-form-urlencoded',
    text: new URLSearchParams({ workspace_id: workspaceId, ...fields }).toString(),
  })
  const query = (fields: Readonly<Record<string, string>>): string => form(fields).text

  /** What the answer holds. A success is HTTP 200 with `status` 1. `other`: for an answer that is not one of TAPD. */
  async function dataOf(request: Request, other = unclear): Promise<unknown> {
    const answer = await rest.send(request)
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer, workspaceId))
    const { json } = answer
    if (!isObject(json) || text(json.status) === null) throw other()
    if (text(json.status) !== '1')
      throw refused(answer.status, `TAPD refuses it with status ${codeOf(json.status)}`)
    return json.data
  }

  async function bugWith(fields: Readonly<Record<string, string>>, gone: string | null = null) {
    const path = `/bugs?${query({ ...fields, fields: 'id,status', limit: '2' })}`
    const data = await dataOf({ method: 'GET', path })
    const bugs = Array.isArray(data) ? data.flatMap((one) => bugIn(one) ?? []) : []
    return bugs.find(({ id }) => id !== gone) ?? null
  }

  return {
    lagMs: LAG_MS,
    shownOf: (key) => key,

    check: () =>
      checkTapd(
        (path, fields = {}) =>
          dataOf({ method: 'GET', path: `${path}?${query(fields)}` }, () => strange('TAPD')),
        workspaceId,
      ),

    async find(label, gone) {
      const bug = await bugWith({ label }, gone)
      return bug && { key: bug.id, shown: bug.id }
    },

    async create(written, label) {
      const body = form({
        title: tapdTitle(written.report),
        description: printTapd(written.report, written),
        label,
      })
      const bug = bugIn(await dataOf({ method: 'POST', path: '/bugs', body }))
      if (!bug) throw unclear()
      return { key: bug.id, shown: bug.id }
    },

    async move(key, to) {
      const bug = await bugWith({ id: key })
      if (!bug) throw new GoneError('the bug is gone')
      const isDone = bug.status === done
      if (isDone === (to === 'done')) return null
      const status = to === 'done' ? done : reopen
      try {
        await dataOf({ method: 'POST', path: '/bugs', body: form({ id: key, status }) })
        return null
      } catch (error) {
        if (!(error instanceof AttemptError) || error.outcome.kind !== 'permanent') throw error
        const now = STATUS.test(bug.status) ? ` from "${bug.status}"` : ''
        return `the bug ${key} does not go${now} to the status of the address; write one of its workflow as ${to === 'done' ? 'done' : 'reopen'}=… in the address`
      }
    },

    async comment(key, written) {
      // A comment on a bug that was deleted is not refused.
      if (!(await bugWith({ id: key }))) throw new GoneError('the bug is gone')
      const body = form({
        entry_type: 'bug',
        entry_id: key,
        author: workspace.author,
        description: printTapd(written.report, written),
      })
      await dataOf({ method: 'POST', path: '/comments', body })
    },
  }
}

/** `{"Bug": {"id": "…", "status": "…"}}` */
function bugIn(value: unknown): { readonly id: string; readonly status: string } | null {
  const bug = isObject(value) ? value.Bug : null
  const id = isObject(bug) ? text(bug.id) : null
  return id !== null && /^\d{1,30}$/.test(id) && isObject(bug) ? { id, status: text(bug.status) ?? '' } : null
}

const codeOf = (value: unknown): string => (/^\d{1,6}$/.test(String(value)) ? String(value) : 'unknown')

function adviceOf({ status, json }: Answer, workspace: string): string {
  switch (status) {
    case 401:
      return 'check the API user and its password in the address'
    case 403:
      return `this API user may not do that in the workspace ${workspace}`
    case 404:
      if (!isObject(json) || text(json.status) === null) return noApi('the API of TAPD')
      return `there is no workspace ${workspace}, or this API user may not see it`
    case 400:
    case 422:
      return `TAPD refuses a field; check which fields a bug of the workspace ${workspace} must have`
    default:
      return ''
  }
}
