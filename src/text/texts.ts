import { LANGUAGES, type Language, type Text } from '../model/language.ts'
import { lazy } from '../model/memo.ts'
import { inEachLanguage } from './fill.ts'

/** A text. The compiler knows the names of its places. */
export type TextOf<Name extends string> = Text & { readonly places?: Name }

/** The texts of one folder in one language. */
export type Tree = string | null | { readonly [key: string]: Tree }

/** The names of the places of a text: `'{count|one|# many} of {pool}'` has `count` and `pool`. */
type Names<S extends string> = S extends `${string}{${infer Place}}${infer Rest}`
  ? (Place extends `${infer Name}|${string}` ? Name : Place) | Names<Rest>
  : never

/** All languages but the first. Each must have the same texts and places as the first. */
type Other = Exclude<Language, (typeof LANGUAGES)[0]>

/** The shape of a translation: the same keys, with any text in place of each text. */
export type Translation<R> = R extends string
  ? string
  : R extends null
    ? null
    : { readonly [K in keyof R]: Translation<R[K]> }

type SamePlaces<R, X> = R extends string
  ? X extends string
    ? [Names<R>, Names<X>] extends [Names<X>, Names<R>]
      ? X
      : { readonly 'needs the places': Names<R>; readonly has: Names<X> }
    : string
  : R extends null
    ? null
    : { readonly [K in keyof R]: K extends keyof X ? SamePlaces<R[K], X[K]> : Translation<R[K]> }

/** The same tree; its leaves hold the text in every language. */
export type Texts<R> = R extends string
  ? TextOf<Names<R>>
  : R extends null
    ? null
    : { readonly [K in keyof R]: Texts<R[K]> }

/**
 * Joins the texts of a folder in all languages. It does not compile if a language or a text is missing, or if a
 * translation has other places than the reference.
 */
export function texts<const R extends Tree, const O extends Readonly<Record<Other, Tree>>>(
  reference: R,
  others: O & { readonly [K in Other]: SamePlaces<R, O[K]> },
): Texts<R>
export function texts(reference: Tree, others: Readonly<Record<Other, Tree>>): JoinedTree {
  const byLanguage: Readonly<Record<Language, Tree>> = { [LANGUAGES[0]]: reference, ...others }
  return joined(LANGUAGES.map((language) => byLanguage[language]))
}

type JoinedTree = Text | null | { readonly [key: string]: JoinedTree }

/**
 * Joins each branch only when it is first used, because a report uses few of all texts.
 * @param trees one tree per language, in the order of `LANGUAGES`
 */
function joined(trees: readonly Tree[]): JoinedTree {
  const [reference = null] = trees
  if (reference === null) return null
  if (typeof reference === 'string') return inEachLanguage((_, i) => String(trees[i]))
  const found: Record<string, JoinedTree> = {}
  for (const key of Object.keys(reference)) {
    const branch = lazy(() => joined(trees.map((tree) => branchOf(tree, key))))
    Object.defineProperty(found, key, { enumerable: true, get: branch })
  }
  return found
}

const branchOf = (tree: Tree, key: string): Tree =>
  typeof tree === 'object' && tree !== null ? (tree[key] ?? null) : null
