import { filled } from '../text/index.ts'
import { type Fail, loginIn, queryOf, webAddress } from './address.ts'
import { baseOf } from './rest.ts'
import { TEXTS } from './texts.ts'

/** What an address `kind+https://user:password@host/?parameter=…` must have. */
export interface TicketForm {
  readonly kind: string
  /** It names the place of the tickets. */
  readonly parameter: string
  readonly pattern: RegExp
  /** For the error. */
  readonly form: string
}

/** Null: the address is of another kind. @throws ReceiverError made by `fail` */
export function ticketAddressIn(given: URL, { kind, parameter, pattern, form }: TicketForm, fail: Fail) {
  const url = webAddress(given, kind, fail)
  if (!url) return null
  const where = `${kind} ${url.hostname}`
  const login = loginIn(url, where, fail)
  const query = queryOf(url)
  const place = query.get(parameter) ?? ''
  if (login === null || !pattern.test(place)) throw fail(filled(TEXTS.wrong.ticket, { where, form }))
  return { label: `${kind} ${url.host}`, base: baseOf(url), ...login, place, query }
}
