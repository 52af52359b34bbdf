import { PROBE_AGENT } from '../../guest/index.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { Language } from '../../model/language.ts'
import { isHttp } from '../../model/protocol.ts'
import { quote } from '../../model/shell.ts'
import type { HealthCheck } from '../../model/snapshot.ts'
import { checkTypeOf, type EvaluatedPool, type EvaluatedTarget } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { expectedCodes } from '../view.ts'
import { TEXTS } from './texts.ts'

// What the probe sends, as a command of a plain server, with what must come back. Values from the API are quoted, so that
// no host name or path can become shell code.

/** What a health check sends. `udp`: the listener is UDP, and its check could not be read. */
export type ProbeKind = 'ping' | 'tcp' | 'udp' | 'http' | 'grpc' | 'custom'

export interface Probed {
  readonly kind: ProbeKind
  readonly udp: boolean
  /** Null for a ping, or if it is not known. */
  readonly port: number | null
  /** The last port, if the listener has a range and it is not documented which port is probed. */
  readonly endPort: number | null
}

/** The probe to a target. A check that could not be read counts as the listener's default (platform facts C3). */
export function probeOf(pool: EvaluatedPool, { plan, port, healthCheck }: EvaluatedTarget): Probed {
  const protocol = plan.kind === 'probe' ? plan.protocol : pool.protocol === 'UDP' ? 'udp' : 'tcp'
  const isPing = protocol === 'icmp' || protocol === 'icmpv6'
  const udp = protocol === 'udp'
  const planned = plan.kind === 'probe' ? plan.port : null
  return {
    kind: isPing
      ? 'ping'
      : udp && healthCheck?.type !== 'CUSTOM'
        ? 'udp'
        : kindOfType(checkTypeOf(pool, healthCheck)),
    udp,
    port: isPing ? null : (planned ?? (port || null)),
    endPort: plan.kind === 'probe' && !isPing ? plan.endPort : null,
  }
}

const kindOfType = (type: string): ProbeKind =>
  isHttp(type) ? 'http' : type === 'GRPC' ? 'grpc' : type === 'CUSTOM' ? 'custom' : 'tcp'

/**
 * Sends the probe from another machine, of a range to its first and its last port. Empty if the port is not known, or if
 * it stands for no bytes.
 */
export function sendCommand(
  pool: EvaluatedPool,
  target: EvaluatedTarget,
  where: string,
  language: Language,
): readonly string[] {
  const probe = probeOf(pool, target)
  const { kind, port, endPort } = probe
  const ping = `ping -c 3 ${target.ip}  # ${where}`
  if (kind === 'ping') return [ping]
  const ports = [port, endPort].flatMap((one) => one ?? [])
  const commands = ports.flatMap((one) => toPort(one, probe, { pool, target, where, language }))
  return kind === 'udp' && commands.length > 0 ? [ping, ...commands] : commands
}

/** With the headers of a probe and no other. */
const AS_PROBE = `-A ${PROBE_AGENT} -H 'Accept:'`

interface Sent {
  readonly pool: EvaluatedPool
  readonly target: EvaluatedTarget
  readonly where: string
  readonly language: Language
}

function toPort(port: number, probe: Probed, { pool, target, where, language }: Sent): readonly string[] {
  const { ip, healthCheck: check } = target
  const wait = check?.timeoutSeconds ?? 5
  const url = (scheme: string): string =>
    quote(`${scheme}://${endpointOf({ ip, port })}${check?.path ?? pool.url ?? '/'}`)
  const host = check?.host ?? pool.domain
  const expecting = (what: string | readonly string[] | null): string =>
    what === null ? '' : t(TEXTS.where.expected, { codes: what }, language)
  switch (probe.kind) {
    case 'tcp':
      return [`nc -vz -w ${wait} ${ip} ${port}  # ${where}`]
    case 'udp':
      return [`nc -vzu -w ${wait} ${ip} ${port}  # ${where}`]
    case 'ping':
      return []
    case 'custom':
      return customCommand(
        check,
        probe.udp,
        `-w ${wait} ${ip} ${port}`,
        (what) => `  # ${where}${expecting(what)}`,
      )
    case 'grpc':
      return [
        [
          // An empty message: not compressed, length 0 (gRPC over HTTP/2, "Requests").
          String.raw`printf '\000\000\000\000\000' | curl -sS -o /dev/null -D - --http2-prior-knowledge -X POST`,
          "-H 'Content-Type: application/grpc' -H 'TE: trailers'",
          ...(host === null ? [] : [`-H ${quote(`Host: ${host}`)}`]),
          AS_PROBE,
          `--data-binary @- --max-time ${wait} ${url('http')} | grep -i '^grpc-status'  # ${where}${expecting(safe(check?.extendedCode))}`,
        ].join(' '),
      ]
    case 'http': {
      const isTls = checkTypeOf(pool, check) === 'HTTPS'
      const curl = [
        'curl -sS -o /dev/null',
        check?.method === 'HEAD' ? '-I' : `-X ${check?.method ?? 'GET'}`,
        ...(isTls ? ['-k'] : []),
        ...(check?.httpVersion === 'HTTP/1.0' ? ['--http1.0'] : []),
        // If no host is set, the probe sends no Host header. curl would add one.
        host === null ? "-H 'Host:'" : `-H ${quote(`Host: ${host}`)}`,
        AS_PROBE,
        `--max-time ${wait} -w '%{http_code}\\n' ${url(isTls ? 'https' : 'http')}  # ${where}${expecting(expectedCodes(check?.httpCodes ?? null))}`,
      ]
      return [curl.join(' ')]
    }
  }
}

/**
 * Sends exactly the content of a custom check. Hexadecimal goes out as octal escapes, because not every shell's printf
 * knows others, and comes back as `od` prints it.
 */
function customCommand(
  check: HealthCheck | null,
  udp: boolean,
  to: string,
  comment: (expected: string | null) => string,
): readonly string[] {
  const { contextType, sendContext, recvContext } = check ?? {}
  const isHex = contextType === 'HEX'
  const nc = `nc ${udp ? '-u ' : ''}${to}`
  if (!sendContext || (isHex && bytesOf(sendContext) === null))
    return udp ? [] : [`nc -vz ${to}${comment(null)}`]
  const bytes = isHex ? bytesOf(sendContext) : null
  const sent = bytes
    ? `printf '${bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}'`
    : `printf %s ${quote(sendContext)}`
  const expected = isHex
    ? (bytesOf(recvContext ?? '')
        ?.map((byte) => byte.toString(16).padStart(2, '0'))
        .join(' ') ?? null)
    : safe(recvContext)
  return [`${sent} | ${nc}${isHex ? ' | od -An -tx1' : ''}${comment(expected)}`]
}

/** Null if the text is no whole hexadecimal. */
const bytesOf = (text: string): readonly number[] | null =>
  text !== '' && text.length % 2 === 0 && /^[\dA-F]+$/i.test(text)
    ? (text.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))
    : null

/** For a comment: it ends at a line break. */
const safe = (text: string | null | undefined): string | null =>
  text ? text.replaceAll(/[^\x20-\x7e]/g, '?') : null
