/** The languages of every user-facing text. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** `zh-CN` or `en` in any case; null for anything else. */
export const parseLanguage = (text: string): Language | null =>
  LANGUAGES.find((language) => language.toLowerCase() === text.trim().toLowerCase()) ?? null

/** One text in every language: a missing translation is a type error. */
export type Text = Readonly<Record<Language, string>>

/**
 * A text with its places filled: `{name}`, or by number where a language asks for it, `{count|one backend|# backends}`.
 * `value` gives what stands in a place, a number where forms depend on it.
 */
export const filled = (text: string, value: (name: string) => string | number): string =>
  text.replace(/\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g, (_, name: string, one?: string, many?: string) => {
    const given = value(name)
    if (one === undefined || many === undefined) return String(given)
    return (given === 1 ? one : many).replaceAll('#', String(given))
  })

/** Says one of these words with its places filled; a place that is given nothing stays empty. */
export const sayerOf =
  <W extends string>(words: Readonly<Record<W, Text>>) =>
  (word: W, language: Language, values: Readonly<Record<string, string | number>> = {}): string =>
    filled(words[word][language], (name) => values[name] ?? '')
