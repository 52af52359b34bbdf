import { BEGIN, END, linesOf } from './probe-text.ts'

// An output of the probe whose lines were changed on the way: a terminal or a mail broke the long ones, or a copy has an
// empty line behind each.

/** A key has no space in it. */
const FACT = /^[a-z][\w./:@%-]*=/
const SECTION = /^== \S+ (\d+)$/
/** So many lines that are no facts are no message that came in between. */
const MOST_STRANGE = 3

/**
 * True if lines were broken. A part of a rule or of a socket is another rule or socket, so nothing can be concluded from any
 * of them.
 */
export function isWrappedProbe(text: string): boolean {
  const lines = probeLines(text)
  const start = lines.findIndex((line) => SECTION.test(line))
  const facts = start < 0 ? lines : lines.slice(0, start)
  const width = lines.reduce((most, { length }) => Math.max(most, length), 0)
  const strange = facts.flatMap((line, i) => (line !== '' && !FACT.test(line) ? [i] : []))
  return (
    strange.length > MOST_STRANGE ||
    strange.some((i) => isFull(facts[i - 1], facts[i], width)) ||
    (start >= 0 && hasLongSection(lines.slice(start), width))
  )
}

/** The next word would not have fitted. */
const isFull = (line = '', next = '', width: number): boolean =>
  line.length + 1 + (next.split(' ', 1)[0]?.length ?? 0) > width

/** A section with more lines than it says, as many of them full. */
function hasLongSection(lines: readonly string[], width: number): boolean {
  const heads = lines.flatMap((line, i) => (SECTION.test(line) ? [i] : []))
  return heads.some((head, n) => {
    const body = lines.slice(head + 1, heads[n + 1])
    const more = body.length - Number(SECTION.exec(lines[head] ?? '')?.[1])
    return more > 0 && body.filter(({ length }) => length === width).length >= more
  })
}

/** What stands between the markers. Without the second one, all behind the first. */
function probeLines(text: string): readonly string[] {
  const lines = linesOf(text)
  const own = lines.slice(lines.indexOf(BEGIN) + 1)
  const end = own.indexOf(END)
  return end < 0 ? own : own.slice(0, end)
}

/** An output with an empty line behind each line, without these. Any other text as it is. */
export function withoutBlankLines(text: string): string {
  const lines = linesOf(text)
  const begin = lines.indexOf(BEGIN)
  const end = lines.indexOf(END)
  const own = lines.slice(begin, end < 0 ? lines.length : end)
  const isDoubled = begin >= 0 && own.length > 2 && own.every((line, i) => i % 2 === 0 || line.trim() === '')
  if (!isDoubled) return text
  return [
    ...lines.slice(0, begin),
    ...own.filter((_, i) => i % 2 === 0),
    ...(end < 0 ? [] : lines.slice(end)),
  ].join('\n')
}
