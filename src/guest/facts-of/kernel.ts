import type { GuestFacts, KernelCounters } from '../facts.ts'

// Settings and counters of the kernel: sysctl, /proc/net/stat/nf_conntrack, /proc/net/netstat.

/** Lines `name = value` of sysctl, with their exact names. */
export function sysctlsIn(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^\s*([a-z][\w./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (name !== undefined) found[name] = value
  }
  return found
}

/** `drop` and `insert_failed` of all CPUs. The columns have changed with the kernel, so the header tells them. */
export function conntrackDrops(text: string): number | null {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  const header = rows.findIndex((row) => row[0] === 'entries')
  const columns = ['drop', 'insert_failed'].map((name) => rows[header]?.indexOf(name) ?? -1)
  if (header < 0 || columns.includes(-1)) return null
  const counts = rows
    .slice(header + 1)
    .filter((row) => row.length > 1 && row.every((cell) => /^[\da-f]{8,}$/i.test(cell)))
    .map((row) => columns.reduce((sum, at) => sum + Number.parseInt(row[at] ?? '0', 16), 0))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Null if the table's size is not known. */
export function conntrackOf(
  sysctls: Readonly<Record<string, string>>,
  drops: number | null,
): GuestFacts['conntrack'] {
  const [count, max] = ['count', 'max'].map((name) => sysctls[`net.netfilter.nf_conntrack_${name}`] ?? '')
  return /^\d+$/.test(count ?? '') && /^\d+$/.test(max ?? '')
    ? { count: Number(count), max: Number(max), drops }
    : null
}

/** /proc/net/netstat and /proc/net/snmp: a line of names and one of values for each group. */
export function countersIn(text: string): KernelCounters {
  const rows = text.split('\n').map((line) => line.trim().split(/\s+/))
  return Object.fromEntries(
    rows.flatMap((names, i) => {
      const values = rows[i + 1] ?? []
      const isPair = names[0]?.endsWith(':') === true && values[0] === names[0] && /\D/.test(names[1] ?? '')
      return isPair
        ? names.slice(1).flatMap((name, at) => {
            const value = values[at + 1] ?? ''
            return /^\d+$/.test(value) ? [[name, Number(value)] as const] : []
          })
        : []
    }),
  )
}
