/** A word, a quoted text, one of `{ } ( ) , ;` or a line break. `from` and `to` are its place in the text. */
export interface Token {
  readonly text: string
  readonly isQuoted: boolean
  readonly from: number
  readonly to: number
}

const TOKEN = /\n|"((?:[^"\\]|\\.)*)"|[{}(),;]|#|[^\s"{}(),;#]+/g

/** Comments are left out. Older versions of nft print a match that they do not know after a `#`, within a rule. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const [whole, quoted] = found
    const from = found.index
    if (whole === '#' && isComment(text, from)) {
      const end = text.indexOf('\n', from)
      TOKEN.lastIndex = end < 0 ? text.length : end
      continue
    }
    tokens.push({ text: quoted ?? whole, isQuoted: quoted !== undefined, from, to: TOKEN.lastIndex })
  }
  return tokens
}

const isComment = (text: string, at: number): boolean =>
  /^#\s*(?:handle\b|Warning)/.test(text.slice(at, at + 20))

/** Reads tokens one after the other. */
export class Cursor {
  private at = 0
  private readonly tokens: readonly Token[]

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  /** Empty at the end. */
  peek(ahead = 0): string {
    return this.tokens[this.at + ahead]?.text ?? ''
  }

  token(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead]
  }

  isAtEnd(): boolean {
    return this.at >= this.tokens.length
  }

  next(): string {
    return this.tokens[this.at++]?.text ?? ''
  }

  skip(count: number): void {
    this.at += count
  }

  /** Takes the next word if it is one of these. */
  take(...words: readonly string[]): string | null {
    const token = this.token()
    return token !== undefined && !token.isQuoted && words.includes(token.text) ? this.next() : null
  }

  /** The tokens of a block, without its braces. The cursor stands at the opening one. */
  block(): readonly Token[] {
    const start = ++this.at
    for (let depth = 1; this.at < this.tokens.length; this.at++) {
      const { text, isQuoted } = this.tokens[this.at] as Token
      if (!isQuoted) depth += text === '{' ? 1 : text === '}' ? -1 : 0
      if (depth === 0) return this.tokens.slice(start, this.at++)
    }
    return this.tokens.slice(start)
  }
}

/** Splits at a token that stands outside of all braces. */
export function splitAt(
  tokens: readonly Token[],
  isSplit: (token: Token) => boolean,
): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (depth === 0 && !token.isQuoted && isSplit(token)) parts.push([])
    else parts.at(-1)?.push(token)
    if (!token.isQuoted) depth += token.text === '{' ? 1 : token.text === '}' ? -1 : 0
  }
  return parts.filter((part) => part.length > 0)
}
