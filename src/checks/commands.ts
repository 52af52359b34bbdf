import type { FixLine } from './check.ts'

/** A `tccli` line that a shell takes as it is: JSON in single quotes, of which it has none. */
export function tccli(action: string, region: string, args: Readonly<Record<string, unknown>>): FixLine {
  const words = Object.entries(args).map(([name, value]) =>
    typeof value === 'string' ? `--${name} ${value}` : `--${name} '${JSON.stringify(value)}'`,
  )
  return { tool: 'tccli', line: ['tccli', action, '--region', region, ...words].join(' ') }
}
