import { isObject, text } from '../../model/untrusted.ts'
import { jiraTitle, printJira } from '../../render/printers/jira.ts'
import { type Answer, isTaken, namesFor, noApi, type Rest, refused, unclear } from '../rest.ts'
import { GoneError, type Tracker, type Written } from '../tickets.ts'
import { checkJira } from './check.ts'

export interface JiraProject {
  readonly key: string
  /** The name of the issue type. */
  readonly type: string
  /** The transition on recovery, by its name or that of its status. Null: the first into the category done. */
  readonly done: string | null
  /** The transition back. Null: the first out of the category done. */
  readonly reopen: string | null
}

interface Transition {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly isDone: boolean
}

/**
 * A search shows an issue seconds to minutes after it was made, and there is no list beside it (delivery facts 4). The ticket
 * has to be there within the time in which a message is tried, three minutes.
 */
const LAG_MS = 2 * 60_000
const API = '/rest/api/3'
const KEY = /^[A-Z][A-Z0-9_]*-\d{1,10}$/i

/** Fields that a refusal may name. Any other word stays out of the log: a server can echo what it got. */
const FIELDS =
  /^(summary|description|labels|issuetype|project|priority|reporter|assignee|components|fixVersions|versions|duedate|environment|parent|security|customfield_\d{1,6})$/

/** Issues of Jira, API v3. `secrets` stay out of reasons. */
export function createJiraTracker(rest: Rest, project: JiraProject, secrets: readonly string[]): Tracker {
  const issue = (key: string, rest: string): string => `${API}/issue/${encodeURIComponent(key)}${rest}`
  const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) })

  async function taken(request: Parameters<Rest['send']>[0]): Promise<Answer> {
    const answer = await rest.send(request)
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer, project))
    return answer
  }

  /** Of a ticket that may be gone. */
  async function ofIssue(request: Parameters<Rest['send']>[0]): Promise<Answer> {
    const answer = await rest.send(request)
    if (answer.status === 404 && isOfJira(answer)) throw new GoneError('the issue is gone')
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer, project))
    return answer
  }

  return {
    lagMs: LAG_MS,
    shownOf: (key) => key,

    check: () =>
      checkJira(rest, { api: API, project, secrets, adviceOf: (answer) => adviceOf(answer, project) }),

    async find(label, gone) {
      const jql = `project = "${project.key}" AND labels = "${label}" ORDER BY created ASC`
      const body = json({ jql, maxResults: 2, fields: ['status'] })
      const { json: answer } = await taken({ method: 'POST', path: `${API}/search/jql`, body, isRead: true })
      const issues = isObject(answer) && Array.isArray(answer.issues) ? answer.issues : null
      if (issues === null) throw refused(200, 'the answer to a search has no issues; is this Jira Cloud?')
      const [key] = issues.flatMap((one) => keyIn(one) ?? []).filter((one) => one !== gone)
      return key === undefined ? null : { key, shown: key }
    },

    async create(written, label) {
      const fields = {
        project: { key: project.key },
        issuetype: { name: project.type },
        summary: jiraTitle(written.report),
        description: printJira(written.report, written),
        labels: [label],
      }
      const answer = await taken({ method: 'POST', path: `${API}/issue`, body: json({ fields }) })
      const key = keyIn(answer.json)
      if (key === null) throw unclear()
      return { key, shown: key }
    },

    async move(key, to) {
      const now = await ofIssue({ method: 'GET', path: issue(key, '?fields=status') })
      const status = statusIn(isObject(now.json) && isObject(now.json.fields) ? now.json.fields.status : null)
      if (status.isDone === (to === 'done')) return null
      const listed = await ofIssue({ method: 'GET', path: issue(key, '/transitions') })
      const all = transitionsIn(listed.json)
      const name = to === 'done' ? project.done : project.reopen
      const found = transitionTo(all, to, name)
      if (!found) return missing(key, to, name, all)
      const body = json({ transition: { id: found.id } })
      await ofIssue({ method: 'POST', path: issue(key, '/transitions'), body })
      return null
    },

    async comment(key, written: Written) {
      const body = json({ body: printJira(written.report, written) })
      await ofIssue({ method: 'POST', path: issue(key, '/comment'), body })
    },
  }

  function missing(
    key: string,
    to: 'done' | 'open',
    name: string | null,
    all: readonly Transition[],
  ): string {
    const parameter = to === 'done' ? 'done' : 'reopen'
    const wanted =
      name === null
        ? `leads ${to === 'done' ? 'into' : 'out of'} the category done`
        : 'has the name in the address'
    const names = namesFor(
      all.map((one) => one.name),
      secrets,
    )
    const there = names === '' ? 'this user may use none' : `there are ${names}`
    return `no transition of ${key} ${wanted}; ${there}; write one as ${parameter}=… in the address`
  }
}

/** A 404 of something else, for example a proxy, says nothing about an issue. */
const isOfJira = ({ json }: Pick<Answer, 'json'>): boolean =>
  isObject(json) && Array.isArray(json.errorMessages)

function adviceOf({ status, json }: Answer, { key, type }: JiraProject): string {
  switch (status) {
    case 401:
      return 'check the user (an e-mail address) and the API token in the address'
    case 403:
      return `this user may not do that in the project ${key}; give it the permissions to browse, create, comment and transition`
    case 404:
      // A self-hosted Jira may know the API v2 alone.
      if (!isOfJira({ json })) return noApi('the API v3 of Jira')
      return `there is no project ${key} at this site, or this user may not see it`
    case 400: {
      const errors = isObject(json) && isObject(json.errors) ? Object.keys(json.errors) : []
      const fields = errors.filter((field) => FIELDS.test(field))
      const named = fields.length === 0 ? '' : `Jira refuses the fields ${fields.join(', ')}; `
      return `${named}check that the issue type "${type}" exists in ${key} and asks for no other field`
    }
    default:
      return ''
  }
}

function keyIn(value: unknown): string | null {
  const key = isObject(value) ? text(value.key) : null
  return key !== null && KEY.test(key) ? key : null
}

function statusIn(value: unknown): { readonly name: string; readonly isDone: boolean } {
  const status = isObject(value) ? value : {}
  const category = isObject(status.statusCategory) ? status.statusCategory : {}
  return { name: text(status.name) ?? '', isDone: category.key === 'done' }
}

function transitionsIn(value: unknown): readonly Transition[] {
  const all = isObject(value) && Array.isArray(value.transitions) ? value.transitions : []
  return all.flatMap((one) => {
    const id = isObject(one) ? text(one.id) : null
    if (id === null || !isObject(one)) return []
    const to = statusIn(one.to)
    return [{ id, name: text(one.name) ?? '', status: to.name, isDone: to.isDone }]
  })
}

function transitionTo(
  all: readonly Transition[],
  to: 'done' | 'open',
  name: string | null,
): Transition | undefined {
  if (name === null) return all.find(({ isDone }) => isDone === (to === 'done'))
  const isNamed = (own: string): boolean => own.toLowerCase() === name.toLowerCase()
  return all.find((one) => isNamed(one.name)) ?? all.find(({ status }) => isNamed(status))
}
