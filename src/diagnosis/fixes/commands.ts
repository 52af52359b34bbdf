import type { FixCommand } from '../../model/diagnosis.ts'

/** One HCL resource in the layout of `terraform fmt`, under a comment line. */
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
