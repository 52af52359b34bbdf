/** The languages of every user-facing text. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** `zh-CN` or `en` in any case; null for anything else. */
export const parseLanguage = (text: string): Language | null =>
  LANGUAGES.find((language) => language.toLowerCase() === text.trim().toLowerCase()) ?? null

/** One text in every language: a missing translation is a type error. */
export type Text = Readonly<Record<Language, string>>
