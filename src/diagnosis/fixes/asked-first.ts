import type { Change } from '../../model/diagnosis.ts'
import type { Language } from '../../model/language.ts'
import { enumerated, t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

/** Whom to ask before changes are taken back. The changes of the finding say when they were made. */
export function askedFirst(changes: readonly Pick<Change, 'actor'>[], language: Language): string {
  const actors = new Set(changes.map(({ actor }) => actor))
  const named = [...actors].filter((actor) => actor !== undefined)
  return named.length === 0 || actors.has(undefined)
    ? TEXTS.ask.nobody[language]
    : t(TEXTS.ask.somebody, { actor: enumerated(named.slice(0, 3), language) }, language)
}
