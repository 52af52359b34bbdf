import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { IncidentNotice } from '../model/incident.ts'
import { type Language, parseLanguage } from '../model/language.ts'
import type { Config } from './config.ts'

// Links to the pages of an incident. A link is a capability: its holder may see this one incident, or press this one
// button. It says when it ends and in which language its page is, and all of that is signed.

export const LINK_PURPOSES = ['incident', 'acknowledge', 'silence'] as const
export type LinkPurpose = (typeof LINK_PURPOSES)[number]

export interface Link {
  readonly purpose: LinkPurpose
  readonly incident: string
  /** Seconds since the epoch. */
  readonly until: number
  readonly language: Language
}

/** `expired`: it was right once. `wrong`: nobody here signed it. `none`: there is no signature. */
export type LinkCheck =
  | { readonly outcome: 'right'; readonly link: Link }
  | { readonly outcome: 'expired' | 'wrong' | 'none' }

export interface Links {
  /** The addresses that a message shows. Null: there is no address or no key. */
  readonly pagesOf: (incident: string, language: Language, now: number) => IncidentNotice['pages']
  /** The part of an address behind the `?`. Null: there is no key. */
  readonly queryOf: (link: Link) => string | null
  readonly check: (
    given: { readonly purpose: LinkPurpose; readonly incident: string; readonly query: URLSearchParams },
    now: number,
  ) => LinkCheck
}

/** Why an address is set and messages have no links to it. Null: they have, or no address is set. */
export function whyNoLinks(
  { publicUrl, linkKeys, apiTokens }: Pick<Config, 'publicUrl' | 'linkKeys' | 'apiTokens'>,
  canWait: boolean,
): string | null {
  if (publicUrl === null) return null
  if (linkKeys.length === 0 && apiTokens.length === 0)
    return 'neither CLB_DOCTOR_LINK_KEY nor CLB_DOCTOR_API_TOKEN is set; set one of them to sign links'
  return canWait ? null : 'instances of the function share nothing without CLB_DOCTOR_REDIS_URL; set it'
}

const LIFE_S = 7 * 24 * 3_600
const LABEL = 'clb-doctor links'

/** The first key signs, and all of them are accepted, so that they can rotate. */
export function createLinks({
  publicUrl,
  linkKeys,
  apiTokens,
}: Pick<Config, 'publicUrl' | 'linkKeys' | 'apiTokens'>): Links {
  const keys: readonly Buffer[] =
    linkKeys.length > 0
      ? linkKeys.map((key) => Buffer.from(key.reveal()))
      : apiTokens.map((token) => Buffer.from(hkdfSync('sha256', token.reveal(), '', LABEL, 32)))
  const [first] = keys

  const queryOf = (link: Link): string | null => {
    if (!first) return null
    const { until, language } = link
    return new URLSearchParams({
      until: String(until),
      lang: language,
      sig: signature(link, first),
    }).toString()
  }

  return {
    queryOf,
    pagesOf(incident, language, now) {
      const until = Math.floor(now / 1_000) + LIFE_S
      const at = (purpose: LinkPurpose): string => {
        const path = purpose === 'incident' ? incident : `${incident}/${purpose}`
        return `${publicUrl}/incidents/${path}?${queryOf({ purpose, incident, until, language })}`
      }
      return publicUrl === null || !first
        ? null
        : { incident: at('incident'), acknowledge: at('acknowledge'), silence: at('silence') }
    },
    check({ purpose, incident, query }, now) {
      const given = query.get('sig')
      if (given === null) return { outcome: 'none' }
      const link = linkIn(purpose, incident, query)
      const isRight = link !== null && keys.map((key) => isEqual(given, signature(link, key))).includes(true)
      if (!isRight) return { outcome: 'wrong' }
      return link.until * 1_000 > now ? { outcome: 'right', link } : { outcome: 'expired' }
    },
  }
}

/** Null for what no link of ours has: a parameter twice, a time that is no whole number. */
function linkIn(purpose: LinkPurpose, incident: string, query: URLSearchParams): Link | null {
  const [until = '', ...more] = query.getAll('until')
  const language = parseLanguage(query.get('lang') ?? '')
  const isOnce = more.length === 0 && ['lang', 'sig'].every((name) => query.getAll(name).length === 1)
  if (!isOnce || language === null || !/^[1-9]\d{0,11}$/.test(until)) return null
  return { purpose, incident, until: Number(until), language }
}

const signature = ({ purpose, incident, until, language }: Link, key: Buffer): string =>
  createHmac('sha256', key)
    .update(JSON.stringify([purpose, incident, until, language]))
    .digest('base64url')

/** In constant time. The texts are compared, because several of them stand for the same bytes. */
function isEqual(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}
