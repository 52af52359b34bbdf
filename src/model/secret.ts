import { inspect } from 'node:util'

/**
 * A value that must not get into a log, an error or a message. Printed in any way it gives `[secret]`. Only `reveal()`
 * returns the value, so every use can be found by searching for that word.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
