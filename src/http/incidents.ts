import * as v from 'valibot'
import { DEFAULT_IN_PAGE, incidentDetails, incidentPage, MOST_IN_PAGE } from '../app/incidents/history.ts'
import { refusedLately } from '../app/incidents/refused-box.ts'
import type { AppContext } from '../app/index.ts'
import { parsed } from '../model/parsed.ts'
import { problemResponse as problem } from './problem.ts'
import type { Context } from './web.ts'

// What happened: `GET /v1/incidents` and `GET /v1/incidents/{id}`. What was refused: `GET /v1/refused`.

const numberIn = (text: string): number | null => {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0
  return number >= 1 && number <= MOST_IN_PAGE ? number : null
}

/** A parameter that is not known is refused: a misspelt one would be ignored silently. The door reads `token`. */
const Limit = {
  limit: v.optional(
    parsed(numberIn, `limit must be a whole number from 1 to ${MOST_IN_PAGE}.`),
    String(DEFAULT_IN_PAGE),
  ),
  token: v.optional(v.string()),
}
const Parameters = v.strictObject({
  ...Limit,
  before: v.optional(v.string()),
  open: v.optional(v.picklist(['true', 'false'], 'open must be true or false.'), 'false'),
})
const RefusedParameters = v.strictObject(Limit)

const badRequest = (detail: string): Response => problem({ status: 400, title: 'Bad request', detail })

/** The parameters of a request, or the answer that names the wrong one. */
function parametersOf<S extends v.GenericSchema>(
  c: Context,
  schema: S,
  names: string,
): v.InferOutput<S> | Response {
  const given = c.req.queries()
  const repeated = Object.keys(given).find((name) => (given[name]?.length ?? 0) > 1)
  if (repeated !== undefined) return badRequest(`${repeated} is given more than once; give it once.`)
  const result = v.safeParse(schema, c.req.query())
  if (result.success) return result.output
  const [issue] = result.issues
  const name = v.getDotPath(issue) ?? ''
  return badRequest(
    issue.expected === 'never'
      ? `There is no parameter ${name}; the parameters are ${names}.`
      : issue.message,
  )
}

export async function answerPage(c: Context, { store, clock }: AppContext): Promise<Response> {
  const read = parametersOf(c, Parameters, 'limit, before and open')
  if (read instanceof Response) return read
  const { limit, before = null, open } = read
  const page = await incidentPage({ limit, before, isOpen: open === 'true' }, store, clock.now())
  if (page) return c.json(page)
  return badRequest('before must be the id of an incident that is kept: the value of next of an answer.')
}

/** Payloads that were refused lately. */
export async function answerRefused(c: Context, { store }: AppContext): Promise<Response> {
  const read = parametersOf(c, RefusedParameters, 'limit alone')
  return read instanceof Response ? read : c.json({ refused: await refusedLately(store, read.limit) })
}

export async function answerIncident(c: Context, { store, clock, config }: AppContext): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const details = await incidentDetails(id, store, clock.now(), config.language)
  if (details) return c.json(details)
  const detail = `There is no incident ${id}, or it is no longer kept; GET /v1/incidents lists those that are.`
  return problem({ status: 404, title: 'Not found', detail })
}
