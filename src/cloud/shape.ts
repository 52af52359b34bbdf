// How `shapes.ts` says what an answer has to look like, and what collectors may then rely on.

/**
 * - `ports`: a text, or a number, which is its text: the vendor's own sample prints `"Port": 8080` in an ACL entry
 * - `on-off`: a boolean, 0 or 1
 * - `any`: not looked at; the collector does
 * - `text!`: a text that has to be there and not be empty: what an item is about, without which it means nothing
 * - `asked X`: a text that stands in the request's list X, or among the values of its filter X; `asked! X`: and has to be there
 */
type TextWord = 'text' | 'text!' | 'ports' | `asked ${string}` | `asked! ${string}`
type NumberWord = 'integer' | 'port' | 'port or -1' | 'on-off'
type FlagWord = 'flag' | 'on-off'

/** The shape of a value of type T: a word, a list of one shape, or fields; `Name?` is a field that only informs. */
export type ShapeOf<T> =
  | 'any'
  | ([T] extends [string]
      ? TextWord
      : [T] extends [number | bigint]
        ? NumberWord
        : [T] extends [boolean]
          ? FlagWord
          : T extends readonly (infer Item)[]
            ? readonly [ShapeOf<Item>]
            : { readonly [K in keyof T & string as K | `${K}?`]?: ShapeOf<NonNullable<T[K]>> })

/** T without the fields that its shape does not have. */
export type Shaped<T, S> = T extends readonly (infer Item)[]
  ? S extends readonly [infer Own]
    ? readonly Shaped<Item, Own>[]
    : T
  : S extends string
    ? T
    : T extends object
      ? {
          [K in keyof T as K extends string
            ? K extends keyof S
              ? K
              : `${K}?` extends keyof S
                ? K
                : never
            : never]: Shaped<
            T[K],
            K extends keyof S ? S[K] : `${K & string}?` extends keyof S ? S[`${K & string}?`] : never
          >
        }
      : T
