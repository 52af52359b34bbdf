import type { Language, Text } from '../model/language.ts'

/** A variable or `clb-doctor.json` is missing or wrong. The text is one line that names it and says what to write. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variable: string
  readonly #text: Text

  /** The message of the error is in English, for programs. People get `inLanguage`. */
  constructor(variable: string, text: Text, options?: ErrorOptions) {
    super(text.en, options)
    this.variable = variable
    this.#text = text
  }

  inLanguage(language: Language): string {
    return this.#text[language]
  }
}
