import type { FixLine } from './check.ts'

/** A `tccli` line that can be pasted into a shell. The JSON stands in single quotes, so values may not contain one. */
export function tccli(action: string, region: string, args: Readonly<Record<string, unknown>>): FixLine {
  const words = Object.entries(args).map(([name, value]) =>
    typeof value === 'string' ? `--${name} ${value}` : `--${name} '${JSON.stringify(value)}'`,
  )
  return { tool: 'tccli', line: ['tccli', action, '--region', region, ...words].join(' ') }
}
