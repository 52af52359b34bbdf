import { knownCodes } from '../diagnosis/index.ts'
import { CONFIG_FILE, type ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'
import { nearest } from '../model/nearest.ts'
import { REGIONS } from '../model/regions.ts'
import type { Route, Routing } from '../model/routing.ts'
import { t } from '../text/index.ts'
import { type ConfigFile, oldNameOf } from './config-file.ts'
import { TEXTS } from './texts.ts'

// Entries of `clb-doctor.json` that have the right form and name something that does not exist. Words, receivers and fields that
// do not exist stop the start instead. Whether a VPC, a CLB, a tag or a policy exists, only the account knows.

const WORDS = TEXTS.file

/** One line for each entry that can never match, because no check of this version reports its code. */
export const ineffective = (expected: readonly ExpectedFinding[], language: Language): readonly string[] => {
  const known = knownCodes()
  return expected
    .filter(({ code }) => !known.includes(code))
    .map(({ entry, code }) => {
      const meant = nearest(code, known)
      const text = meant === null ? WORDS.ineffective : WORDS.ineffectiveNear
      return t(text, { file: CONFIG_FILE, entry, code, meant: meant ?? '' }, language)
    })
}

/** One line for each code and region that a route asks for and that does not exist. */
export function ineffectiveRoutes(
  { routes }: Pick<Routing, 'routes'>,
  language: Language,
): readonly string[] {
  const codes = asksFor('code', routes) ? knownCodes() : []
  const linesOf = (
    key: 'code' | 'region',
    known: readonly string[],
    texts: { readonly alone: typeof WORDS.noCode; readonly near: typeof WORDS.noCodeNear },
  ): readonly string[] =>
    routes.flatMap(({ match }, i) =>
      (match[key] ?? [])
        .filter((given) => !known.includes(given))
        .map((given) => {
          const meant = nearest(given, known)
          const params = { file: CONFIG_FILE, route: i + 1, given, meant: meant ?? '' }
          return t(meant === null ? texts.alone : texts.near, params, language)
        }),
    )
  return [
    ...linesOf('code', codes, { alone: WORDS.noCode, near: WORDS.noCodeNear }),
    // A region may be newer than this version.
    ...linesOf('region', REGIONS, { alone: WORDS.noRegion, near: WORDS.noRegionNear }),
  ]
}

const asksFor = (key: 'code' | 'region', routes: readonly Route[]): boolean =>
  routes.some(({ match }) => match[key] !== undefined)

/** What a person should know of a file that is valid: one line each. */
export const warningsOf = (
  file: Pick<ConfigFile, 'isOld' | 'expected' | 'routing'>,
  language: Language,
): readonly string[] => [
  ...oldNameOf(file, language),
  ...ineffective(file.expected, language),
  ...ineffectiveRoutes(file.routing, language),
]
