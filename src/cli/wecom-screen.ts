// WeCom markdown on a terminal, as the app shows it: three font colours, bold, headings, quotes, code and links.

const SGR = { info: 32, comment: 90, warning: 33 } as const
type FontColor = keyof typeof SGR

const BOLD = 1
const styled = (code: number, text: string): string => `\u001b[${code}m${text}\u001b[0m`

const isFontColor = (name: string): name is FontColor => Object.hasOwn(SGR, name)

/** The message for a terminal. Without colours the marks are dropped, and nothing else. */
export function wecomOnScreen(message: string, { color }: { readonly color: boolean }): string {
  const paint = (code: number, text: string): string => (color ? styled(code, text) : text)
  return message
    .split('\n')
    .map((line) => lineOnScreen(line, paint))
    .join('\n')
}

type Paint = (code: number, text: string) => string

function lineOnScreen(line: string, paint: Paint): string {
  const text = line
    .replace(/^#+ /, '')
    .replace(/^> /, '  │ ')
    .replace(/<font color="(\w+)">(.*?)<\/font>/g, (whole, name: string, text: string) =>
      isFontColor(name) ? paint(SGR[name], text) : whole,
    )
    .replace(/\*\*(.+?)\*\*/g, (_, text: string) => paint(BOLD, text))
    .replace(/`([^`]+)`/g, '$1')
    .replace(/\[([^\]]+)\]\((https?:[^)]+)\)/g, '$1 $2')
  return text
}
