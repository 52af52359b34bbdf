import type { FixCommand } from '../model/diagnosis.ts'

/** A `tccli` line that a shell takes as it is: JSON in single quotes, of which it has none. */
export function tccli(action: string, region: string, args: Readonly<Record<string, unknown>>): FixCommand {
  const words = Object.entries(args).map(([name, value]) =>
    typeof value === 'string' ? `--${name} ${value}` : `--${name} '${JSON.stringify(value)}'`,
  )
  return { tool: 'tccli', line: ['tccli', action, '--region', region, ...words].join(' ') }
}

/** One HCL resource, laid out as `terraform fmt` would, under a remark. */
export function terraform(
  remark: string,
  type: string,
  name: string,
  args: Readonly<Record<string, string | number>>,
): FixCommand {
  const width = Math.max(...Object.keys(args).map((key) => key.length))
  const lines = Object.entries(args).map(
    ([key, value]) => `  ${key.padEnd(width)} = ${JSON.stringify(value)}`,
  )
  return {
    tool: 'terraform',
    line: [`# ${remark}`, `resource "${type}" "${name}" {`, ...lines, '}'].join('\n'),
  }
}
