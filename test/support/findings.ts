import type { Finding, Gap } from '../../src/model/diagnosis.ts'

/** The only element that fits. If there is not exactly one, the error names all elements. */
function only<T>(
  all: readonly T[] = [],
  fits: (one: T) => boolean,
  wanted: string,
  nameOf: (one: T) => string,
): T {
  const [found, ...others] = all.filter(fits)
  if (found === undefined || others.length > 0)
    throw new Error(`${found ? 'several' : 'no'} ${wanted} among: ${all.map(nameOf).join('; ') || 'nothing'}`)
  return found
}

type Findings<F> = { readonly findings: readonly F[] } | undefined
type Gaps = { readonly gaps: readonly Gap[] } | undefined

/** The finding with the code, at any position. */
export const findingOf = <F extends Pick<Finding, 'code'>>(diagnosis: Findings<F>, code: string): F =>
  only(
    diagnosis?.findings,
    (one) => one.code === code,
    code,
    (one) => one.code,
  )

/** The gap with these words in `what`. */
export const gapOf = (diagnosis: Gaps, words: string): Gap =>
  only(
    diagnosis?.gaps,
    ({ what }) => what.includes(words),
    words,
    ({ what }) => what,
  )
