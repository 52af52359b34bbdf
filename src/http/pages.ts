import {
  buttonPage,
  incidentPage,
  type Page,
  pressed,
  refusedLink,
  SILENCE_HOURS,
  type Visit,
} from '../app/incidents/pages.ts'
import type { PersonAction } from '../app/incidents/persons.ts'
import type { AppContext } from '../app/index.ts'
import { createLinks, type LinkCheck, type LinkPurpose } from '../app/links.ts'
import { parseLanguage } from '../model/language.ts'
import { bodyOf } from './body.ts'
import type { Context, Hono } from './web.ts'

// The pages of an incident. A signed link or the API token opens them (auth.ts). Only a POST changes anything.

/** No script, nothing from elsewhere, in no frame, and forms go back here alone. The styles are in the page. */
const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
  'cache-control': 'no-store',
  // A link is a capability. No other site learns it. With `no-referrer` a browser would hide its own origin from us, too.
  'referrer-policy': 'same-origin',
} as const

const PATH = /^\/incidents\/([^/]+)(?:\/(acknowledge|silence))?$/

/** Which page a path is. Null: it is no page. */
function pageAt(path: string): { readonly purpose: LinkPurpose; readonly incident: string } | null {
  const [, id = '', purpose] = PATH.exec(path) ?? []
  if (id === '') return null
  return { purpose: purpose === 'acknowledge' || purpose === 'silence' ? purpose : 'incident', incident: id }
}

/** What the signature in the address of a request is worth. */
export function linkCheck(c: Context, { config, clock }: Pick<AppContext, 'config' | 'clock'>): LinkCheck {
  const page = pageAt(c.req.path)
  const query = new URL(c.req.url).searchParams
  if (page === null) return { outcome: query.has('sig') ? 'wrong' : 'none' }
  return createLinks(config).check({ ...page, query }, clock.now())
}

export function addPages(app: Hono, context: AppContext): void {
  const visitOf = (c: Context): Visit => {
    const check = linkCheck(c, context)
    const incident = pageAt(c.req.path)?.incident ?? ''
    if (check.outcome !== 'right') return { incident, language: languageFor(c, context), until: null }
    return { incident, language: check.link.language, until: check.link.until }
  }
  app.get('/incidents/:id', async (c) => shown(await incidentPage(visitOf(c), context)))
  for (const kind of ['acknowledge', 'silence'] as const) {
    app.get(`/incidents/:id/${kind}`, async (c) => shown(await buttonPage(kind, visitOf(c), context)))
    app.post(`/incidents/:id/${kind}`, async (c) => {
      const visit = visitOf(c)
      if (!isFromHere(c, context)) return refused(c, context, 'origin')
      const body = await bodyOf(c, context.log)
      if (typeof body !== 'string') return body
      const form = new URLSearchParams(body)
      const action = actionIn(kind, form)
      if (action === null) return refused(c, context, 'form')
      return shown(await pressed(action, form.get('by') ?? '', visit, context))
    })
  }
}

function actionIn(kind: PersonAction['kind'], form: URLSearchParams): PersonAction | null {
  if (kind === 'acknowledge') return { kind }
  const hours = SILENCE_HOURS.find((one) => String(one) === form.get('hours'))
  return hours === undefined ? null : { kind, hours, isShorter: form.get('shorter') === 'yes' }
}

const shown = ({ html, isGone }: Page): Response =>
  new Response(html, { status: isGone ? 404 : 200, headers: HEADERS })

const STATUS = { none: 401, wrong: 403, origin: 403, expired: 410, form: 400 } as const

/** A page that says what to do, and nothing about the incident. */
export async function refused(
  c: Context,
  context: Pick<AppContext, 'config'>,
  why: keyof typeof STATUS,
): Promise<Response> {
  const html = await refusedLink(why, languageFor(c, context))
  return new Response(html, { status: STATUS[why], headers: HEADERS })
}

/** For a person who opens a page while its store is away. Null: it is no page, or no browser asks. */
export async function pageWithoutStore(
  c: Context,
  context: Pick<AppContext, 'config'>,
  headers: Readonly<Record<string, string>>,
): Promise<Response | null> {
  if (pageAt(c.req.path) === null || !/\btext\/html\b/.test(c.req.header('accept') ?? '')) return null
  const html = await refusedLink('away', languageFor(c, context))
  return new Response(html, { status: 503, headers: { ...HEADERS, ...headers } })
}

/** The language that the address asks for. It need not be signed to be understood. */
const languageFor = (c: Context, { config }: Pick<AppContext, 'config'>) =>
  parseLanguage(c.req.query('lang') ?? '') ?? config.language

/**
 * Browsers say which page a form was on. One of another site is refused, although it would need the signature, too. A
 * program without a browser says nothing. A proxy may change the Host header, so the public address counts as well.
 */
function isFromHere(c: Context, { config }: Pick<AppContext, 'config'>): boolean {
  const origin = c.req.header('origin')
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined && !/^(?:none|same-origin)$/.test(site)) return false
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  const { host } = new URL(origin)
  return (
    host === c.req.header('host') ||
    (config.publicUrl !== null && new URL(config.publicUrl).origin === origin)
  )
}
