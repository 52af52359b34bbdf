import type { Language, Text } from './language.ts'

/** Its message is in English, for programs and logs. People get `inLanguage`, one line that says what to do. */
export class TextError extends Error {
  readonly #text: Text

  constructor(text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.#text = text
  }

  inLanguage(language: Language): string {
    return this.#text[language]
  }
}
