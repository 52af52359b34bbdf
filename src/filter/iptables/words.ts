/** One option of a rule: `! --dport 80` is `{ name: '--dport', values: ['80'], isInverted: true }`. */
export interface Option {
  /** The match that it belongs to, for example `tcp`. Empty for those of iptables itself. */
  readonly match: string
  readonly name: string
  readonly values: readonly string[]
  readonly isInverted: boolean
}

interface Word {
  readonly text: string
  readonly isQuoted: boolean
}

const WORD = /"((?:[^"\\]|\\.)*)"|(\S+)/g

const wordsOf = (text: string): readonly Word[] =>
  [...text.matchAll(WORD)].map(([, quoted, bare]) =>
    quoted === undefined
      ? { text: bare ?? '', isQuoted: false }
      : { text: quoted.replaceAll(/\\(.)/g, '$1'), isQuoted: true },
  )

const isOption = ({ text, isQuoted }: Word): boolean =>
  !isQuoted && (text === '!' || /^--?[a-zA-Z]/.test(text))

/** The options of a rule in their order. `-m` opens a match, `-j` and `-g` a target: its options follow. */
export function optionsOf(text: string): readonly Option[] {
  const words = wordsOf(text)
  const options: Option[] = []
  let match = ''
  for (let i = 0; i < words.length; ) {
    const isInverted = words[i]?.text === '!'
    const name = words[isInverted ? i + 1 : i]?.text ?? ''
    i += isInverted ? 2 : 1
    const values: string[] = []
    for (let word = words[i]; word !== undefined && !isOption(word); word = words[++i]) values.push(word.text)
    if (name === '-m') match = values[0] ?? ''
    if (name === '-j' || name === '-g') match = 'target'
    options.push({ match: isOwn(name) ? '' : match, name, values, isInverted })
  }
  return options
}

/** The options of iptables itself have one dash. */
const isOwn = (name: string): boolean => !name.startsWith('--')
