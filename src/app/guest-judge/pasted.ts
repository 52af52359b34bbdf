import { isWrappedProbe, probeOutputsIn, withoutBlankLines } from '../../guest/index.ts'
import { type KubectlText, kubectlTextOf } from './kubectl-text.ts'

// What a person gives is rarely what the machine printed, byte by byte: PowerShell, a terminal, a chat or a mail lies
// between. What they add is taken off. What they broke is told, because nothing can be concluded from it.

export type Given =
  | { readonly kind: 'probe'; readonly text: string }
  | { readonly kind: 'severalProbes'; readonly count: number }
  | { readonly kind: 'empty' | 'wrapped' | 'script' | 'windows' | 'noProbe' }
  | KubectlText

const HEAD_BYTES = 1024
const LEAST_ZEROS = 0.25

/** Null: the bytes are UTF-16, or another encoding with zeros, and no mark says which. */
export function decoded(bytes: Buffer): string | null {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString('utf16le')
  if (first === 0xfe && second === 0xff) {
    const whole = bytes.length - (bytes.length % 2)
    return Buffer.from(bytes.subarray(2, whole)).swap16().toString('utf16le')
  }
  const head = bytes.subarray(0, HEAD_BYTES)
  const zeros = head.reduce((sum, byte) => sum + (byte === 0 ? 1 : 0), 0)
  if (zeros > head.length * LEAST_ZEROS) return null
  return bytes.toString('utf8').replace(/^\uFEFF/, '')
}

/** What a text is, without what a terminal, a chat or a mail added. */
export function givenIn(text: string): Given {
  const plain = withoutBlankLines(unquoted(withoutCodes(withLines(text))))
  if (plain.trim() === '') return { kind: 'empty' }
  const count = probeOutputsIn(plain)
  if (count > 1) return { kind: 'severalProbes', count }
  if (count === 1) return isWrappedProbe(plain) ? { kind: 'wrapped' } : { kind: 'probe', text: plain }
  if (SCRIPT.test(plain)) return { kind: 'script' }
  if (WINDOWS.test(plain)) return { kind: 'windows' }
  return kubectlTextOf(plain) ?? { kind: 'noProbe' }
}

/** Lines that end with a carriage return alone. */
const withLines = (text: string): string => (text.includes('\n') ? text : text.replaceAll('\r', '\n'))

/** What the commands of `guest-script --windows` print, or their names in front of it. */
const WINDOWS =
  /^PS [A-Z]:\\|^(?:Get-Net(?:TCPConnection|UDPEndpoint|Firewall\w+)|Test-NetConnection|Invoke-WebRequest)\b|^LocalAddress +LocalPort|^Name +Enabled +DefaultInboundAction|^TcpTestSucceeded +:|^PingSucceeded +:|^StatusDescription +:/m

/** What `guest-script` prints, and the file of the probe. */
const SCRIPT = /<<'CLB_DOCTOR'|^#!\/bin\/sh/

const ESCAPE = String.fromCharCode(0x1b)
const BELL = String.fromCharCode(0x07)
/** Colours, bracketed paste, titles of windows. */
const CODES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)|[@-Z\\\\^_=>])`,
  'g',
)

/** A code at the beginning of a line often has a carriage return behind it. */
const withoutCodes = (text: string): string =>
  text.includes(ESCAPE) ? text.replace(CODES, '').replace(/^\r+/gm, '') : text

/** Of the output of the probe. Prompts of a shell in front of its first line are one, too. */
const QUOTED_PROBE = /^([ \t]*(?:[>|│][ \t]?)+|[ \t]+)clb-doctor-probe 1[ \t\r]*$/m
/** Lines of the script, which a terminal shows behind prompts, look alike. So this is asked second. */
const QUOTED_JSON = /^([ \t]*(?:>[ \t]?)+)[{[]/m

/** Takes off what a chat or a mail puts in front of every line. */
function unquoted(text: string): string {
  if (probeOutputsIn(text) > 0) return text
  const quote = (QUOTED_PROBE.exec(text) ?? QUOTED_JSON.exec(text))?.[1]
  if (quote === undefined) return text
  // An empty line often lacks the space.
  const short = quote.trimEnd()
  return text
    .split('\n')
    .map((line) =>
      line.startsWith(quote)
        ? line.slice(quote.length)
        : line.startsWith(short)
          ? line.slice(short.length)
          : line,
    )
    .join('\n')
}
