/**
 * Does the whole text fit the pattern? `*` stands for any characters, also none, and `?` for one. Every other character
 * stands for itself. Takes at most as many steps as the product of both lengths.
 */
export function fits(pattern: string, text: string): boolean {
  const [wanted, given] = [[...pattern], [...text]]
  let at = 0
  let next = 0
  /** Behind the last star, and how far the text was then. */
  let star = -1
  let mark = 0
  while (next < given.length)
    if (wanted[at] === '*') {
      at += 1
      star = at
      mark = next
    } else if (at < wanted.length && (wanted[at] === '?' || wanted[at] === given[next])) {
      at += 1
      next += 1
    } else if (star >= 0) {
      at = star
      mark += 1
      next = mark
    } else return false
  return wanted.slice(at).every((one) => one === '*')
}
