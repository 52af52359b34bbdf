import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok } from '../../src/model/fact.ts'
import type { GuestReport } from '../../src/model/guest.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { folder } from '../guest/recordings.ts'
import { AT } from '../support/guests.ts'
import { diagnosisOfSnapshot, findingsOf, healthCheck, snapshotOf } from '../support/snapshots.ts'

// The whole way from outputs that were recorded on a real machine to the finding: the cause that was injected there, and
// nothing else. The backend is Dead, and its probes come from 100.64.0.0/10.

type Expected = readonly string[]

/** By folder: the causes. None: the machine lets every probe through, so the way outside is left. */
const CAUSES: Readonly<Record<string, Expected>> = {
  'accept-queue-full': ['guest-port/backlog-full cause certain → 16'],
  // Its drops were read once, so they may be of an earlier day.
  'conntrack-full': ['guest-kernel/conntrack-full cause likely → 16'],
  'firewalld-drop-zone': ['guest-firewall/probe-dropped cause likely → 16'],
  healthy: [],
  'healthy-dualstack': [],
  // By a curl that did not call itself a probe: another client may get another answer.
  'http-302': ['guest-http/status-mismatch cause likely → 16'],
  'http-404': ['guest-http/status-mismatch cause likely → 16'],
  'http-rst': ['guest-http/refused cause likely → 16'],
  'http-slow-3s': ['guest-http/too-slow cause likely → 16'],
  'ipt-allow-before-drop-ok': [],
  'ipt-drop-100-64': ['guest-firewall/probe-dropped cause likely → 16'],
  'ipt-input-policy-drop': ['guest-firewall/probe-dropped cause likely → 16'],
  'ipt-nested-chain': ['guest-firewall/probe-dropped cause likely → 16'],
  'ipt-reject': ['guest-firewall/probe-rejected cause likely → 16'],
  'ipt-tailscale-style': ['guest-firewall/probe-dropped cause likely → 16'],
  'k8s-foreign-chain': ['guest-forwarding/forward-foreign-rule cause likely → 16'],
  'k8s-forward-policy-drop': ['guest-forwarding/forward-policy-drop cause likely → 16'],
  'k8s-forward-policy-drop-with-accept-ok': [],
  'k8s-healthy': [],
  'k8s-ip-forward-0': ['guest-forwarding/ip-forward-off cause certain → 16'],
  'listen-127': ['guest-port/loopback-only cause certain → 16'],
  'listen-other-ip': ['guest-port/other-address cause certain → 16'],
  'listen-other-port': ['guest-port/not-listening cause certain → 16'],
  'nft-native-drop': ['guest-firewall/probe-dropped cause likely → 16'],
  'rp-filter-asym': ['guest-kernel/rp-filter cause likely → 16'],
  'service-down': ['guest-port/not-listening cause certain → 16'],
  // The port answers 400 to plain HTTP, which the check of this folder does not take.
  'tls-only': ['guest-http/tls-mismatch cause certain → 16'],
  'ufw-deny': ['guest-firewall/probe-dropped cause likely → 16'],
}

/** No pod is behind the NodePort: told by the checks of the cluster. */
const OF_CLUSTER = ['k8s-no-endpoints']

const recorded = (name: string): GuestReport => ({
  kind: 'recorded',
  files: folder(name).files,
  by: 'hand',
  at: AT,
  instanceId: null,
})

/** A check that takes any of 2xx where the folder is about the answer, else 1xx to 4xx. */
function diagnosed(name: string, language: Language = 'en'): Diagnosis {
  const port = name.startsWith('k8s') ? 30_080 : 80
  const httpCodes = ['http-302', 'http-404', 'tls-only'].includes(name) ? 2 : 15
  const check = { type: 'HTTP', method: 'GET', path: '/', httpCodes, sourceIpType: 1, timeoutSeconds: 2 }
  const snapshot = snapshotOf({
    listener: { healthCheck: healthCheck(check) },
    machines: [{ host: 16, status: 'Dead', registration: { port } }],
  })
  return diagnosisOfSnapshot({ ...snapshot, guests: { [`10.0.1.16:${port}`]: ok(recorded(name)) } }, language)
}

const causesIn = (diagnosis: Diagnosis): Expected =>
  findingsOf(diagnosis).filter((line) => line.includes(' cause '))

describe('a recorded machine', () => {
  it('stands in this list, each folder once', () => {
    const folders = readdirSync(new URL('../fixtures/guest/', import.meta.url), { withFileTypes: true })
    const names = folders.filter((one) => one.isDirectory()).map(({ name }) => name)
    expect([...Object.keys(CAUSES), ...OF_CLUSTER].sort()).toEqual(names.sort())
  })

  it.each(Object.entries(CAUSES))('%s has exactly the injected cause', (name, causes) => {
    const diagnosis = diagnosed(name)
    expect(causesIn(diagnosis)).toEqual(causes)
    const outside = diagnosis.gaps.filter(({ why }) => why.includes('nothing was found that stops probes'))
    expect(outside.length).toBe(causes.length === 0 ? 1 : 0)
  })

  it.each(Object.keys(CAUSES))('%s is told in every language without an open place', (name) => {
    for (const language of LANGUAGES) {
      const { findings, gaps, headline } = diagnosed(name, language)
      const texts = findings.flatMap(({ title, quote, detail, fix }) => [title, quote, detail, fix?.summary])
      expect([headline, ...texts, ...gaps.map(({ why }) => why)].join('\n')).not.toMatch(
        /\{\w+\}|\[object|NaN/,
      )
    }
  })

  it('with Tailscale is told by that name, with what keeps the opening and what it costs', () => {
    const found = diagnosed('ipt-tailscale-style').findings.find(({ code }) =>
      code.startsWith('guest-firewall'),
    )
    expect(found?.title).toContain('The firewall of Tailscale')
    expect(found?.detail).toContain('Probes from nearly all of 100.64.0.0/10')
    expect(found?.fix?.notes?.join()).toContain('--netfilter-mode')
    expect(found?.fix?.commands?.map(({ line }) => line)).toEqual([
      'iptables -I INPUT 1 -s 100.64.0.0/10 -p tcp --dport 80 -j ACCEPT',
    ])
  })

  it.each([
    ['ufw-deny', ['ufw prepend allow from 100.64.0.0/10 to any port 80 proto tcp']],
    [
      'firewalld-drop-zone',
      [
        "firewall-cmd --permanent --zone=drop --add-rich-rule='rule priority=-100 family=ipv4 source address=100.64.0.0/10 port port=80 protocol=tcp accept'",
        'firewall-cmd --reload',
      ],
    ],
    [
      'nft-native-drop',
      [
        expect.stringMatching(
          /^nft 'insert rule inet \S+ \S+ ip saddr 100\.64\.0\.0\/10 tcp dport 80 accept'$/,
        ),
      ],
    ],
    ['ipt-nested-chain', ['iptables -I INPUT 1 -s 100.64.0.0/10 -p tcp --dport 80 -j ACCEPT']],
  ])('%s gets the change in the terms of what made the rule', (name, lines) => {
    const found = diagnosed(name).findings.find(({ code }) => code.startsWith('guest-firewall'))
    expect(found?.fix?.commands?.map(({ line }) => line)).toEqual(lines)
  })
})

// The change is done to the recorded texts, and the machine is evaluated again.
describe('the fix of a recorded machine', () => {
  const PROVEN: Readonly<Record<string, boolean>> = {
    'conntrack-full': true,
    'ipt-drop-100-64': true,
    'ipt-input-policy-drop': true,
    'ipt-nested-chain': true,
    'ipt-reject': true,
    'ipt-tailscale-style': true,
    'k8s-foreign-chain': true,
    'k8s-forward-policy-drop': true,
    'k8s-ip-forward-0': true,
    'nft-native-drop': true,
    // The reply still leaves through another interface, whose address it does not have.
    'rp-filter-asym': false,
    // What the tools of ufw and firewalld make of it is theirs.
    'firewalld-drop-zone': false,
    'ufw-deny': false,
    // Nothing that a command of the fix does mends an application.
    'http-404': false,
    'accept-queue-full': false,
  }

  it.each(Object.entries(PROVEN))('%s: proven by evaluation is %s', (name, isProven) => {
    const found = diagnosed(name).findings.find(({ code }) => code.startsWith('guest-'))
    expect([found?.code, found?.fix?.verified]).toEqual([found?.code, isProven])
  })
})
