// How `shapes.ts` describes an answer, and which types collectors get.

/**
 * - `text or number`: a text, or an integer, which becomes a text: the vendor's own sample has `"Port": 8080` in an ACL
 *   entry. For texts that people write or that mean a number, and not for ids, addresses and words of the API
 * - `on-off`: a boolean, 0 or 1, which becomes a boolean; any other number becomes null
 * - `count`: an integer from 0 to 100,000, for weights, seconds and thresholds; -1 becomes null, because it may mean "unset"
 * as in `CheckPort`
 * - `any`: not checked here; the collector checks it
 * - `text!`: a text that must be present and not empty, because it identifies the item
 * - `asked X`: a text from the request's list X or its filter X; `asked! X`: it must also be present
 */
type TextWord = 'text' | 'text!' | 'text or number' | `asked ${string}` | `asked! ${string}`
type NumberWord = 'integer' | 'count' | 'port' | 'port or -1' | 'on-off'
type FlagWord = 'flag' | 'on-off'

/**
 * The shape of a value of type T: a word, a list of one shape, or fields. A field that only informs is written `Name?`.
 */
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
 * The type of an answer after the check against S. The check turns on-off into a boolean or null. A field may be null
 * or missing unless its shape says that it must be present.
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

/** `name!` or `name! argument`. */
type Needed = `${string}!` | `${string}! ${string}`
