/** The languages of every user-facing text. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** Parses `zh-CN` or `en` in any case. Null for any other text. */
export const parseLanguage = (text: string): Language | null =>
  LANGUAGES.find((language) => language.toLowerCase() === text.trim().toLowerCase()) ?? null

/** One text in every language. A missing translation does not compile. */
export type Text = Readonly<Record<Language, string>>
