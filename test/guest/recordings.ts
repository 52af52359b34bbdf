import { readdirSync, readFileSync } from 'node:fs'
import { evaluateGuest, factsOf, type GuestCheck, type GuestEvaluation } from '../../src/guest/index.ts'
import type { GuestOutcome } from '../../src/model/guest.ts'
import { familyOf } from '../../src/model/ip.ts'
import { type AddressSet, contains, parseAddresses, unionOf } from '../../src/rules/index.ts'
import { guestCheck } from '../support/guest-check.ts'

// Folders of recordings, as `guest-judge` takes them.

export type Files = Readonly<Record<string, string>>

/** What one prober met. */
export interface Met {
  readonly src: string
  readonly tcp: string
  readonly tcp_ms: number
  readonly http?: string
  readonly http_ms?: number
}

const FOLDER = new URL('../fixtures/guest/', import.meta.url)

export const FOLDERS: readonly string[] = readdirSync(FOLDER, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map(({ name }) => name)

const LOADED = new Map<string, { readonly files: Files; readonly truth: readonly Met[] }>()

export function folder(name: string): { readonly files: Files; readonly truth: readonly Met[] } {
  const known = LOADED.get(name)
  if (known) return known
  const at = new URL(`${name}/`, FOLDER)
  const files = Object.fromEntries(
    readdirSync(at)
      .filter((file) => file.endsWith('.txt'))
      .map((file) => [file.slice(0, -'.txt'.length), readFileSync(new URL(file, at), 'utf8')]),
  )
  const truth = JSON.parse(readFileSync(new URL('TRUTH.json', at), 'utf8'))
  LOADED.set(name, { files, truth })
  return { files, truth }
}

/** A prober's "No route to host" that came late is a time-out of its own side. */
const LATE_MS = 100

/** What a check without options meets: `GET /`, any code from 1xx to 4xx, 5 s. */
export function outcomeOf({ tcp, tcp_ms, http = '' }: Met): GuestOutcome {
  if (tcp === 'Connection refused') return 'refused'
  if (tcp === 'No route to host') return tcp_ms > LATE_MS ? 'timeout' : 'rejected'
  if (tcp !== 'open') return 'timeout'
  const status = Number(/^HTTP\/\S+ (\d{3})/.exec(http)?.[1] ?? 0)
  if (status >= 100) return status < 500 ? 'ok' : 'wrong-answer'
  return /timed? ?out/.test(http) ? 'http-timeout' : 'wrong-answer'
}

export const check = (port: number, changed: Partial<GuestCheck> = {}): GuestCheck =>
  guestCheck({ port, ...changed })

export const portOf = (name: string): number => (name.startsWith('k8s-') ? 30_080 : 80)

export function set(cidr: string): AddressSet {
  const found = parseAddresses(cidr)
  if (found === null) throw new Error(`not a set: ${cidr}`)
  return found
}

export function evaluated(files: Files, of: GuestCheck, ...sources: readonly string[]): GuestEvaluation {
  const facts = factsOf({ kind: 'recorded', files, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })
  return evaluateGuest(facts, of, unionOf(familyOf(of.ip), sources.map(set)))
}

/** The same of the probe's output. */
export function evaluatedProbe(text: string, of: GuestCheck, ...sources: readonly string[]): GuestEvaluation {
  const facts = factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })
  return evaluateGuest(facts, of, unionOf(familyOf(of.ip), sources.map(set)))
}

/** The outcome of one source. */
export function outcomeIn(evaluation: GuestEvaluation, source: string): GuestOutcome {
  const part = evaluation.parts.find(({ sources }) => contains(sources, set(source)))
  if (part === undefined) throw new Error(`${source} is in no part`)
  return part.outcome
}

/** The injected fault of each folder. Null: the probes of 100.64.0.0/10 get through. */
export const CAUSES: Readonly<Record<string, string | null>> = {
  'accept-queue-full': 'guest-port/backlog-full',
  'conntrack-full': 'guest-kernel/conntrack-full',
  'firewalld-drop-zone': 'guest-firewall/probe-dropped',
  healthy: null,
  'healthy-dualstack': null,
  'http-302': null,
  'http-404': null,
  'http-rst': 'guest-http/refused',
  'http-slow-3s': null,
  'ipt-allow-before-drop-ok': null,
  'ipt-drop-100-64': 'guest-firewall/probe-dropped',
  'ipt-input-policy-drop': 'guest-firewall/probe-dropped',
  'ipt-nested-chain': 'guest-firewall/probe-dropped',
  'ipt-reject': 'guest-firewall/probe-rejected',
  'ipt-tailscale-style': 'guest-firewall/probe-dropped',
  'k8s-foreign-chain': 'guest-forwarding/forward-foreign-rule',
  'k8s-forward-policy-drop': 'guest-forwarding/forward-policy-drop',
  'k8s-forward-policy-drop-with-accept-ok': null,
  'k8s-healthy': null,
  'k8s-ip-forward-0': 'guest-forwarding/ip-forward-off',
  'k8s-no-endpoints': 'tke-pod/no-endpoints',
  'listen-127': 'guest-port/loopback-only',
  'listen-other-ip': 'guest-port/other-address',
  'listen-other-port': 'guest-port/not-listening',
  'nft-native-drop': 'guest-firewall/probe-dropped',
  'rp-filter-asym': 'guest-kernel/rp-filter',
  'service-down': 'guest-port/not-listening',
  'tls-only': null,
  'ufw-deny': 'guest-firewall/probe-dropped',
}
