import type { Change } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { operationWords } from '../text/index.ts'
import { TEXTS } from './texts.ts'

/**
 * Who did what. A rule's own time stamp has no author.
 * @param place where in a sentence the words stand
 */
export function changeWords(
  { event, actor, resource }: Change,
  place: keyof typeof TEXTS.summary.someone,
  language: Language,
): { readonly who: string; readonly event: string } {
  if (typeof resource.ruleIndex === 'number') return { who: '', event: TEXTS.stamp[language] }
  const who = actor ?? TEXTS.summary.someone[place][language]
  return { who, event: operationWords(event, language) }
}
