/** Width in terminal columns. East Asian wide characters and emoji take two, combining marks take no column. */
export function widthOf(text: string): number {
  let width = 0
  for (let i = 0; i < text.length; i++) {
    const columns = columnsOf(text.charCodeAt(i))
    if (columns === null) return width + slowWidthOf(text.slice(i))
    width += columns
  }
  return width
}

/** Width of the most common characters, null for all others. The regexes below are slow to compile. */
function columnsOf(code: number): 1 | 2 | null {
  if (code < 0x300 || (code >= 0x2010 && code < 0x20d0) || (code >= 0x2100 && code < 0x2c00)) return 1
  return (code >= 0x3000 && code < 0x302a) || (code >= 0x4e00 && code < 0xa000) || code >> 5 === 0xff00 >> 5
    ? 2
    : null
}

function slowWidthOf(text: string): number {
  let width = 0
  for (const character of text) {
    if (/\p{Mark}/u.test(character)) continue
    width += WIDE.test(character) ? 2 : 1
  }
  return width
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

export const pad = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - widthOf(text)))

/** Cuts a text to at most so many columns. A text that was cut ends with `…`. */
export function clipColumns(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let [kept, width] = ['', 0]
  for (const character of text) {
    width += widthOf(character)
    if (width >= columns) break
    kept += character
  }
  return `${kept}…`
}

/**
 * Folds a text into lines of at most so many columns, but at least 20 after the indent. It folds at spaces and between
 * Chinese characters. A longer word stays whole.
 */
export function wrap(text: string, columns: number, indent: string): string {
  const room = Math.max(20, columns - widthOf(indent))
  const whole = text.trim()
  if (widthOf(whole) <= room) return whole === '' ? '' : indent + whole
  const out: string[] = []
  let line = ''
  let width = 0
  for (const part of text.match(/[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+|\s+/g) ?? []) {
    // Closing punctuation must not begin a line, so it may stand beyond the last column.
    if (line !== '' && width + widthOf(part.trimEnd()) > room && !CLOSING.test(part)) {
      out.push(line.trimEnd())
      line = ''
      width = 0
    }
    const added = line === '' ? part.trimStart() : part
    line += added
    width += widthOf(added)
  }
  if (line.trim() !== '') out.push(line.trimEnd())
  return out.map((one) => indent + one).join('\n')
}

const CLOSING = /^[，。；：、！？）》」』】”’]$/u
