import { endpointOf } from '../../model/endpoint.ts'
import { codeClassesIn } from '../../model/http-codes.ts'
import { quote } from '../../model/shell.ts'
import type { GuestCheck } from '../evaluation.ts'

const KINDS: readonly GuestCheck['kind'][] = ['tcp', 'http', 'https', 'ping']
const MOST_SOURCES = 8

/**
 * The options with which guest-judge knows a check without a snapshot. Null if it has none for such a check, or if the
 * sources are too many for a command line. Null as well without a port.
 */
export function judgeOptions(check: GuestCheck, sources: readonly string[]): string | null {
  if (!KINDS.includes(check.kind) || sources.length > MOST_SOURCES) return null
  if (check.port === null && check.kind !== 'ping') return null
  const isHttp = check.kind === 'http' || check.kind === 'https'
  const options: readonly (readonly [name: string, value: string | null])[] = [
    ['target', endpointOf({ ip: check.ip, port: check.port ?? 0 })],
    ...sources.map((source) => ['source', source] as const),
    ['check', check.kind],
    ...(isHttp
      ? ([
          ['method', check.method],
          ['path', check.path],
          ['host', check.host],
          ['codes', codeClassesIn(check.httpCodes).join(',')],
        ] as const)
      : []),
    ['timeout', String(check.timeoutSeconds)],
  ]
  // `=`: a value may begin with a dash.
  return options.flatMap(([name, value]) => (value === null ? [] : [`--${name}=${quote(value)}`])).join(' ')
}
