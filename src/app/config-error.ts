import type { Text } from '../model/language.ts'
import { TextError } from '../model/text-error.ts'

/** A variable or `clb-doctor.json` is missing or wrong. The text is one line that names it and says what to write. */
export class ConfigError extends TextError {
  override readonly name = 'ConfigError'
  readonly variable: string

  constructor(variable: string, text: Text, options?: ErrorOptions) {
    super(text, options)
    this.variable = variable
  }
}
