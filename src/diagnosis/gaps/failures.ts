import { isAction } from '../../model/actions.ts'
import type { ReadFailure } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import { t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** What an action reads; its name, where a saved snapshot names an action of another version. */
export const subjectOf = (action: string, language: Language): string =>
  isAction(action) ? TEXTS.subjects[action][language] : action

/** Why a call got no answer. */
export const problemText = (failure: ReadFailure, language: Language): string =>
  t(TEXTS.problems[failure.problem], { code: codeOf(failure), action: failure.action }, language)

/** With the address where nobody answered, or with the proxy that gave no connection. */
function codeOf({ code, message }: ReadFailure): string {
  const proxy = code.startsWith('Proxy') ? /the proxy (\S+)/.exec(message)?.[1] : undefined
  if (proxy !== undefined) return `${code} ${proxy}`
  return (/^E[A-Z]+$/.test(code) && /E[A-Z]+ \S+$/.exec(message)?.[0]) || code
}
