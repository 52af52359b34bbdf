import type { HealthCheckView, Pool } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { clauses, enumerated, t, withAside } from '../text/index.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.check
/** Longer contents are cut; the JSON has them whole. */
const LONGEST_CONTENT = 120

/** What the health check sends and what it takes for healthy, e.g. `HTTP GET shop.example.com/health, healthy: 2xx`. */
export function checkLine({ healthCheck: check }: Pick<Pool, 'healthCheck'>, language: Language): string {
  const { type, port, enabled } = check
  if (enabled === false) return WORDS.off[language]
  if (type === undefined) return ''
  const parts = [
    requestOf(check, type),
    ...(typeof port === 'number' ? [t(WORDS.port, { port }, language)] : []),
    ...timesOf(check, language),
    ...expectationOf(check, language),
  ]
  return t(WORDS.line, { settings: clauses(parts, language) }, language)
}

function requestOf({ method, host, path }: HealthCheckView, type: string): string {
  const place = `${host ?? ''}${path ?? ''}`
  return [type, ...(method ? [method] : []), ...(place === '' ? [] : [place])].join(' ')
}

function timesOf(
  { intervalSeconds, timeoutSeconds }: HealthCheckView,
  language: Language,
): readonly string[] {
  if (typeof intervalSeconds !== 'number' || typeof timeoutSeconds !== 'number') return []
  return [t(WORDS.times, { interval: intervalSeconds, timeout: timeoutSeconds }, language)]
}

/** Contents that were not read are left out; contents that are read and empty are said. */
function expectationOf(check: HealthCheckView, language: Language): readonly string[] {
  const { expectedCodes, contextType, sendContext, recvContext, extendedCode } = check
  const typed = (text: string): string =>
    contextType ? withAside(quoted(text), contextType, language) : quoted(text)
  const content = (word: 'sends' | 'wants', text: string | null | undefined): readonly string[] =>
    text === undefined
      ? []
      : text === null
        ? [WORDS[word].nothing[language]]
        : [t(WORDS[word].text, { text: typed(text) }, language)]
  return [
    ...(expectedCodes === undefined
      ? []
      : [t(WORDS.codes, { codes: enumerated(expectedCodes, language) }, language)]),
    ...content('sends', sendContext),
    ...content('wants', recvContext),
    ...(typeof extendedCode === 'string' ? [t(WORDS.grpc, { codes: extendedCode }, language)] : []),
  ]
}

/** With escapes, so that line breaks and control characters are seen. */
function quoted(text: string): string {
  const shown = [...text]
  return JSON.stringify(
    shown.length > LONGEST_CONTENT ? `${shown.slice(0, LONGEST_CONTENT).join('')}…` : text,
  )
}
