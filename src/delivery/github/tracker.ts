import { isObject } from '../../model/untrusted.ts'
import { githubTitle, printGithub } from '../../render/printers/github.ts'
import { type Answer, isTaken, noApi, type Request, type Rest, refused, unclear } from '../rest.ts'
import { AttemptError, GoneError, type Tracker } from '../tickets.ts'
import { checkGithub } from './check.ts'

/** The list of issues needs no search. A request whose answer was lost may still be served for a while, or shown by a copy. */
const LAG_MS = 2 * 60_000
const FIELDS = new Set(['title', 'body', 'labels', 'state'])

/** Issues of one repository, `owner/name`. */
export function createGithubTracker(rest: Rest, repository: string): Tracker {
  const json = (value: unknown) => ({ type: 'application/json', text: JSON.stringify(value) })

  /** A repository that was renamed or moved answers with a redirect. */
  async function send(request: Request): Promise<Answer> {
    try {
      return await rest.send(request)
    } catch (error) {
      throw error instanceof AttemptError ? withMove(error) : error
    }
  }

  async function taken(request: Request): Promise<Answer> {
    const answer = await send(request)
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer))
    return answer
  }

  /** Of a ticket that may be gone: 410 for one that was deleted. */
  async function ofIssue(request: Request): Promise<Answer> {
    const answer = await send(request)
    if ((answer.status === 404 || answer.status === 410) && isOfGithub(answer))
      throw new GoneError('the issue is gone')
    if (!isTaken(answer)) throw refused(answer.status, adviceOf(answer))
    return answer
  }

  return {
    lagMs: LAG_MS,
    shownOf: (key) => `#${key}`,

    check: () => checkGithub(taken, repository),

    async find(label, gone) {
      const query = `labels=${encodeURIComponent(label)}&state=all&sort=created&direction=asc&per_page=2`
      const { json: answer } = await taken({ method: 'GET', path: `/issues?${query}` })
      if (!Array.isArray(answer))
        throw refused(200, 'the answer has no issues; check that this is the API of GitHub')
      const [number] = answer.flatMap((one) => numberIn(one) ?? []).filter((one) => String(one) !== gone)
      return number === undefined ? null : madeOf(number)
    },

    async create(written, label) {
      const body = json({
        title: githubTitle(written.report),
        body: printGithub(written.report, written),
        labels: [label],
      })
      const number = numberIn((await taken({ method: 'POST', path: '/issues', body })).json)
      if (number === null) throw unclear()
      return madeOf(number)
    },

    async move(key, to) {
      const { json: issue } = await ofIssue({ method: 'GET', path: `/issues/${key}` })
      const isClosed = isObject(issue) && issue.state === 'closed'
      if (isClosed === (to === 'done')) return null
      const body = json(to === 'done' ? { state: 'closed', state_reason: 'completed' } : { state: 'open' })
      await ofIssue({ method: 'PATCH', path: `/issues/${key}`, body })
      return null
    },

    async comment(key, written) {
      const body = json({ body: printGithub(written.report, written) })
      await ofIssue({ method: 'POST', path: `/issues/${key}/comments`, body })
    },
  }
}

function withMove(error: AttemptError): AttemptError {
  const { outcome } = error
  if (outcome.kind !== 'permanent' || !/^HTTP 30[178],/.test(outcome.reason)) return error
  const reason = `${outcome.reason}: the repository was renamed or moved; write its new owner and name in the address`
  return new AttemptError({ kind: 'permanent', reason })
}

const madeOf = (number: number) => ({ key: String(number), shown: `#${number}` })

function numberIn(value: unknown): number | null {
  const number = isObject(value) ? value.number : null
  return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 ? number : null
}

/** A 404 of something else, for example a proxy, says nothing about an issue. */
const isOfGithub = ({ json }: Pick<Answer, 'json'>): boolean =>
  isObject(json) && typeof json.message === 'string'

function adviceOf({ status, json }: Answer): string {
  switch (status) {
    case 401:
      return 'the token in the address is wrong or has ended; make a new one'
    case 403:
      return 'the token may not do that; it needs "Issues: read and write" for this repository'
    case 404:
      if (!isOfGithub({ json })) return noApi('the API of GitHub')
      return 'there is no such repository, or the token may not see it'
    case 410:
      return 'issues are switched off in this repository'
    case 422: {
      const errors = isObject(json) && Array.isArray(json.errors) ? json.errors : []
      const fields = errors.flatMap((error) => (isObject(error) ? String(error.field) : []))
      const known = fields.filter((field) => FIELDS.has(field))
      return known.length > 0 ? `GitHub refuses the fields ${known.join(', ')}` : 'GitHub refuses a field'
    }
    default:
      return ''
  }
}
