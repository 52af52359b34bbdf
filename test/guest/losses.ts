// Parts of a probe's output that get lost on the way.

export type Lines = readonly string[]
export type Loss = readonly [what: string, lose: (lines: Lines) => Lines]

const sectionsOf = (lines: Lines): readonly string[] =>
  lines.flatMap((line) => /^== (\S+) \d+$/.exec(line)?.[1] ?? [])

const keysOf = (lines: Lines): readonly string[] =>
  lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith('== ')),
    )
    .flatMap((line) => /^([\w./-]+)=/.exec(line)?.[1] ?? [])

const withoutKey = (name: string): Loss => [
  `without ${name}`,
  (lines) => lines.filter((line) => !line.startsWith(`${name}=`) && !line.startsWith(`${name}.`)),
]

/** Each section, and all facts of one kind: `sysctl.`, `listen.` … */
export const familiesOf = (lines: Lines): readonly Loss[] => [
  ...sectionsOf(lines).map((name): Loss => [`without section ${name}`, (all) => withoutSection(all, name)]),
  ...[...new Set(keysOf(lines).map((key) => /^[\w-]+/.exec(key)?.[0] ?? key))].map(withoutKey),
]

/** The same, one line of each section, and each fact that has a name of its own. */
export const lossesOf = (lines: Lines): readonly Loss[] => [
  ...familiesOf(lines),
  ...sectionsOf(lines).map(
    (name): Loss => [
      `without a line of section ${name}`,
      (all) => all.filter((_, i) => i !== all.findIndex((line) => line.startsWith(`== ${name} `)) + 1),
    ],
  ),
  ...[...new Set(keysOf(lines).filter((key) => key.includes('.')))].map(withoutKey),
]

function withoutSection(lines: Lines, name: string): Lines {
  const at = lines.findIndex((line) => line.startsWith(`== ${name} `))
  const count = Number(lines[at]?.split(' ')[2])
  return at < 0 ? lines : [...lines.slice(0, at), ...lines.slice(at + 1 + count)]
}
