import * as v from 'valibot'
import { DEFAULT_IN_PAGE, incidentDetails, incidentPage, MOST_IN_PAGE } from '../app/incidents/history.ts'
import type { AppContext } from '../app/index.ts'
import { parsed } from '../model/parsed.ts'
import { problemResponse as problem } from './problem.ts'
import type { Context } from './web.ts'

// What happened: `GET /v1/incidents` and `GET /v1/incidents/{id}`.

const numberIn = (text: string): number | null => {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= MOST_IN_PAGE ? number : null
}

/** A parameter that is not known is refused: a misspelt one would be ignored silently. The door reads `token`. */
const Parameters = v.strictObject({
  limit: v.optional(
    parsed(numberIn, `limit must be a whole number from 1 to ${MOST_IN_PAGE}.`),
    String(DEFAULT_IN_PAGE),
  ),
  before: v.optional(v.string()),
  open: v.optional(v.picklist(['true', 'false'], 'open must be true or false.'), 'false'),
  token: v.optional(v.string()),
})

const badRequest = (detail: string): Response => problem({ status: 400, title: 'Bad request', detail })

export async function answerPage(c: Context, { store, clock }: AppContext): Promise<Response> {
  const given = c.req.queries()
  const repeated = Object.keys(given).find((name) => (given[name]?.length ?? 0) > 1)
  if (repeated !== undefined) return badRequest(`${repeated} is given more than once; give it once.`)
  const result = v.safeParse(Parameters, c.req.query())
  if (!result.success) {
    const [issue] = result.issues
    const name = v.getDotPath(issue) ?? ''
    return badRequest(
      issue.expected === 'never'
        ? `There is no parameter ${name}; the parameters are limit, before and open.`
        : issue.message,
    )
  }
  const { limit, before = null, open } = result.output
  const page = await incidentPage({ limit, before, isOpen: open === 'true' }, store, clock.now())
  if (page) return c.json(page)
  return badRequest('before must be the id of an incident that is kept: the value of next of an answer.')
}

export async function answerIncident(c: Context, { store, clock, config }: AppContext): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const details = await incidentDetails(id, store, clock.now(), config.language)
  if (details) return c.json(details)
  const detail = `There is no incident ${id}, or it is no longer kept; GET /v1/incidents lists those that are.`
  return problem({ status: 404, title: 'Not found', detail })
}
