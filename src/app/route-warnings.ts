import { CONFIG_FILE } from '../model/expected.ts'
import type { Language } from '../model/language.ts'
import { nearest } from '../model/nearest.ts'
import { REGIONS } from '../model/regions.ts'
import type { Route, RouteField, RouteMatch, Routing } from '../model/routing.ts'
import { enumerated, t } from '../text/index.ts'
import { TEXTS } from './texts.ts'

// Routes of `clb-doctor.json` that have the right form and cannot do what they say. Words, receivers and fields that do not exist
// stop the start instead. Whether a VPC, a CLB, a tag or a policy exists, only the account knows.

const WORDS = TEXTS.file

/** One line for each. Codes are in ineffective.ts: their names are loaded with the checks. */
export const routeWarnings = ({ routes, default: rest }: Routing, language: Language): readonly string[] => [
  ...(rest?.length === 0 && routes.every(({ to }) => to.length === 0)
    ? [t(WORDS.tellsNobody, { file: CONFIG_FILE }, language)]
    : []),
  ...unknownIn(routes, 'region', REGIONS, language),
  ...neverMatching(routes, language),
  ...neverAsked(routes, language),
]

/** About the region that counts where an alarm or a command gives no other. Null: it is known, or not set. */
export function regionWarning(region: string | null, language: Language): string | null {
  if (region === null || REGIONS.includes(region)) return null
  const meant = nearest(region, REGIONS)
  const words = WORDS.unknownRegion
  return t(meant === null ? words.alone : words.near, { given: region, meant: meant ?? '' }, language)
}

/** One line for each code or region that a route asks for and that is not known. */
export function unknownIn(
  routes: readonly Route[],
  key: 'code' | 'region',
  known: readonly string[],
  language: Language,
): readonly string[] {
  const words = WORDS.unknownIn[key]
  return routes.flatMap(({ match }, i) =>
    (match[key] ?? [])
      .filter((given) => !known.includes(given))
      .map((given) => {
        const meant = nearest(given, known)
        const params = { file: CONFIG_FILE, route: i + 1, given, meant: meant ?? '' }
        return t(meant === null ? words.alone : words.near, params, language)
      }),
  )
}

const OF_ONE_CLB = ['tag', 'name', 'policy', 'vpc', 'loadBalancer'] as const satisfies readonly RouteField[]

/** A route for scans alone that asks for something of a single CLB. */
const neverMatching = (routes: readonly Route[], language: Language): readonly string[] =>
  routes.flatMap(({ match }, i) => {
    const fields = OF_ONE_CLB.filter((field) => match[field] !== undefined)
    if (fields.length === 0 || !match.source?.every((one) => one === 'scan')) return []
    const params = { file: CONFIG_FILE, route: i + 1, fields: enumerated(fields, language) }
    return [t(WORDS.neverMatches, params, language)]
  })

/** The routes behind one that matches everything and does not continue. */
function neverAsked(routes: readonly Route[], language: Language): readonly string[] {
  const last = routes.findIndex((route) => !route.continue && isForAll(route.match))
  if (last < 0) return []
  return routes
    .slice(last + 1)
    .map((_, i) => t(WORDS.neverAsked, { file: CONFIG_FILE, route: last + i + 2, other: last + 1 }, language))
}

const isForAll = ({ tag = {}, ...others }: RouteMatch): boolean =>
  Object.keys(tag).length === 0 && Object.keys(others).length === 0
