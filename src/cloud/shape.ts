// How `shapes.ts` says what an answer has to look like, and what collectors may then rely on.

/**
 * - `ports`: a text, or a number, which is its text: the vendor's own sample prints `"Port": 8080` in an ACL entry
 * - `on-off`: a boolean, 0 or 1, as a boolean; another number says nothing and is null
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

/**
 * What came through the door as S: an answer with the fields of its shape, each of its type. The door turns on-off into
 * a boolean, and null where it is neither. A field may be null or left out, except for those that have to be there.
 */
export type Shaped<S> = S extends 'any'
  ? unknown
  : S extends NumberWord & FlagWord
    ? boolean
    : S extends NumberWord
      ? number
      : S extends FlagWord
        ? boolean
        : S extends string
          ? string
          : S extends readonly [infer Item]
            ? readonly Shaped<Item>[]
            : { readonly [K in keyof S as S[K] extends Needed ? K : never]: Shaped<S[K]> } & {
                readonly [K in keyof S as S[K] extends Needed
                  ? never
                  : K extends `${infer Name}?`
                    ? Name
                    : K]?: Shaped<S[K]> | null
              }

/** `name` or `name argument`, with an exclamation mark. */
type Needed = `${string}!` | `${string}! ${string}`
