import type { FixLine } from './check.ts'

/** A `tccli` line that can be pasted into a shell. Whatever is no plain word stands in single quotes. */
export function tccli(action: string, region: string, args: Readonly<Record<string, unknown>>): FixLine {
  const words = Object.entries(args).map(([name, value]) => `--${name} ${wordOf(value)}`)
  return { tool: 'tccli', line: ['tccli', action, '--region', region, ...words].join(' ') }
}

/**
 * `tccli` takes every value that is no plain word or number as JSON (tencentcloud-cli, README), and a boolean parameter
 * as `True` or `False` (tencentcloud-cli, argument.py).
 */
function wordOf(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  const word = typeof value === 'string' ? value : JSON.stringify(value)
  return PLAIN.test(word) ? word : quoted(word)
}

/** A `kubectl` line. Names of the cluster can hold nothing that a shell reads, but that is not ours to trust. */
export const kubectl = (...words: readonly string[]): FixLine => ({
  tool: 'kubectl',
  line: ['kubectl', ...words.map((word) => (PLAIN.test(word) ? word : quoted(word)))].join(' '),
})

const PLAIN = /^[\w.:/@%+=,-]+$/

/** A quote within single quotes ends them, stands for itself and opens them again (POSIX shell, 2.2.2). */
const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`
