import { isAction } from '../../model/actions/index.ts'
import type { ReadFailure } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import { t } from '../../text/index.ts'
import { SUBJECTS, TEXTS } from './texts.ts'

/** What an action reads. The action's name if a saved snapshot holds an action that this version does not have. */
export const subjectOf = (action: string, language: Language): string =>
  isAction(action) ? SUBJECTS[action][language] : action

/** Why a call failed. */
export const problemText = (failure: ReadFailure, language: Language): string =>
  t(TEXTS.problems[failure.problem], { code: codeOf(failure), action: failure.action }, language)

/** The error code, with the address that did not answer or the proxy that refused. */
function codeOf({ code, message }: ReadFailure): string {
  const proxy = code.startsWith('Proxy') ? /the proxy (\S+)/.exec(message)?.[1] : undefined
  if (proxy !== undefined) return `${code} ${proxy}`
  return (/^E[A-Z]+$/.test(code) && /E[A-Z]+ \S+$/.exec(message)?.[0]) || code
}
