/** The languages of every user-facing text. */
export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

/** One text in every language: a missing translation is a type error. */
export type Text = Readonly<Record<Language, string>>
