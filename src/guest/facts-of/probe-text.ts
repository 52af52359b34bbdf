import { PROBE_MARKER } from '../../model/guest.ts'

// The output of guest/probe.sh: a marker, facts `key=value`, sections `== name LINES`, and a marker at the end. What stands
// around it comes from a shell's profile, or from the terminal that it was copied from.

export interface ProbeText {
  readonly isComplete: boolean
  /** The values of a key in their order. */
  readonly all: (key: string) => readonly string[]
  readonly first: (key: string) => string | null
  /** The keys that begin with a prefix, each without it. The first value of each counts. */
  readonly under: (prefix: string) => readonly (readonly [name: string, value: string])[]
  /** Null if it is not there, or was cut. */
  readonly section: (name: string) => string | null
}

export const BEGIN = `${PROBE_MARKER}1`
export const END = `${PROBE_MARKER}end`

/** How many outputs of the probe a text has. */
export const probeOutputsIn = (text: string): number => linesOf(text).filter((line) => line === BEGIN).length

export const linesOf = (text: string): readonly string[] =>
  text.split(/\r?\n/).map((line) => line.replace(/\r$/, ''))

/** Null if the marker at the beginning is missing. */
export function probeTextOf(text: string): ProbeText | null {
  const lines = linesOf(text)
  const begin = lines.indexOf(BEGIN)
  if (begin < 0) return null
  const own = lines.slice(begin + 1)
  const start = own.findIndex((line) => line.startsWith('== ') || line === END)
  const facts = (start < 0 ? own : own.slice(0, start)).flatMap((line) => {
    const at = line.indexOf('=')
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const]
  })
  const { sections, isEnded } = sectionsIn(start < 0 ? [] : own.slice(start))
  const all = (key: string): readonly string[] =>
    facts.flatMap(([name, value]) => (name === key ? [value] : []))
  return {
    isComplete: isEnded,
    all,
    first: (key) => all(key)[0] ?? null,
    under: (prefix) => [
      ...new Map(
        facts
          .toReversed()
          .flatMap(([key, value]) =>
            key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
          ),
      ),
    ],
    section: (name) => sections.get(name) ?? null,
  }
}

/**
 * A section tells the number of its lines, because a text may hold anything. If the next section, or the end, does not
 * follow right behind them, lines are missing or came in between, and the section counts as cut.
 */
function sectionsIn(lines: readonly string[]): {
  readonly sections: ReadonlyMap<string, string>
  readonly isEnded: boolean
} {
  const sections = new Map<string, string>()
  let at = 0
  while (at < lines.length) {
    const [, name, count] = /^== (\S+) (\d+)$/.exec(lines[at] ?? '') ?? []
    if (name === undefined) break
    const body = lines.slice(at + 1, at + 1 + Number(count))
    at += 1 + Number(count)
    if (!isBorder(lines[at]) || body.some(isBorder)) break
    sections.set(name, body.map((line) => `${line}\n`).join(''))
  }
  return { sections, isEnded: lines[at] === END }
}

const isBorder = (line: string | undefined): boolean =>
  line === END || (line !== undefined && /^== [a-z-]+ \d+$/.test(line))
