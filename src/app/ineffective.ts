import { isKnownCode } from '../diagnosis/index.ts'
import { CONFIG_FILE, type ExpectedFinding } from '../model/expected.ts'
import type { Language } from '../model/language.ts'
import { t } from '../text/index.ts'
import { type ConfigFile, oldNameOf } from './config-file.ts'
import { TEXTS } from './texts.ts'

/** One line for each entry that can never match, because no check of this version reports its code. */
export const ineffective = (expected: readonly ExpectedFinding[], language: Language): readonly string[] =>
  expected
    .filter(({ code }) => !isKnownCode(code))
    .map(({ entry, code }) => t(TEXTS.file.ineffective, { file: CONFIG_FILE, entry, code }, language))

/** What a person should know of a file that is valid: one line each. */
export const warningsOf = (
  file: Pick<ConfigFile, 'isOld' | 'expected'>,
  language: Language,
): readonly string[] => [...oldNameOf(file, language), ...ineffective(file.expected, language)]
