import { knownCodes } from '../diagnosis/index.ts'
import { CONFIG_FILE, type ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'
import { nearest } from '../model/nearest.ts'
import type { Routing } from '../model/routing.ts'
import { t } from '../text/index.ts'
import { type ConfigFile, oldNameOf } from './config-file.ts'
import { routeWarnings, unknownIn } from './route-warnings.ts'
import { TEXTS } from './texts.ts'

// Entries of `clb-doctor.json` that name a code that does not exist.

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

/** One line for each code that a route asks for and that no check of this version reports. */
export const ineffectiveCodes = (
  { routes }: Pick<Routing, 'routes'>,
  language: Language,
): readonly string[] => unknownIn(routes, 'code', knownCodes(), language)

/** What a person should know of a file that is valid: one line each. */
export const warningsOf = (
  file: Pick<ConfigFile, 'isOld' | 'expected' | 'routing'>,
  language: Language,
): readonly string[] => [
  ...oldNameOf(file, language),
  ...ineffective(file.expected, language),
  ...ineffectiveCodes(file.routing, language),
  ...routeWarnings(file.routing, language),
]
