/** A variable or `clb-doctor.json` is missing or wrong. The message is one line that names it and says what to write. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly variable: string

  constructor(variable: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.variable = variable
  }
}
