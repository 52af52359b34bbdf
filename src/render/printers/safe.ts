import { oneLine } from '../../text/index.ts'

export { oneLine }

/** Applies `safe` to a line of code and keeps its indentation. */
export const indented = (line: string, safe: (text: string) => string): string =>
  `${/^ */.exec(line)?.[0] ?? ''}${safe(line)}`

/** Like `oneLine`, but keeps line breaks. */
export const lines = (text: string): string =>
  text.includes('\n') ? text.split(/\r?\n/).map(oneLine).join('\n') : oneLine(text)

/** Cuts a text to at most `most` code points. A text that was cut ends with `…`. */
export function clip(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
