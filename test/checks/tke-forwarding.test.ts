import { describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { ok, unread } from '../../src/model/fact.ts'
import type { Kubernetes } from '../../src/model/kubernetes.ts'
import { findingOf } from '../support/findings.ts'
import {
  cluster,
  container,
  endpoint,
  NODE_PORT,
  pod,
  port,
  proxy,
  service,
  slice,
} from '../support/kubernetes.ts'
import { diagnosisOf, findingsOf, healthCheck, type World } from '../support/snapshots.ts'

// What a node does with a request on a NodePort, of clusters that are easily told wrong.

const HOSTS = [16, 17, 18]
const told = (view: Partial<Kubernetes>, listener: World['listener'] = {}, statuses = 'Dead'): Diagnosis =>
  diagnosisOf({
    machines: HOSTS.map((host) => ({ host, status: statuses, registration: { port: NODE_PORT } })),
    balancer: { tags: { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' } },
    ...(listener ? { listener } : {}),
    replace: { kubernetes: ok(cluster(HOSTS, view)) },
  })
const linesOf = (diagnosis: Diagnosis): readonly string[] =>
  findingsOf(diagnosis).filter((line) => /^(tke-(node|pod)|target-drift)\//.test(line))
const outcomeOf = ({ checks }: Diagnosis, name: string) => checks.find(({ check }) => check === name)?.outcome
const denied = unread({
  problem: 'denied',
  action: 'kubernetes:get daemonsets',
  code: 'Http403',
  message: 'HTTP 403',
})
const six = (host: number) => endpoint(host, { addresses: [`fd00::${host}`] })

describe('kube-proxy', () => {
  it.each([
    ['its DaemonSet was refused, and no pod of it is there', [], denied, 'unknown'],
    ['its DaemonSet was refused, and other nodes have a pod of it', [proxy(17)], denied, 'unknown'],
    ['there is no such DaemonSet, though such pods', [proxy(17), proxy(18)], ok(null), 'unknown'],
    ['kubectl printed a part of its pods', [], ok({ mode: 'ipvs', desired: 3, placed: 3 }), 'unknown'],
    ['there is neither', [], ok(null), 'pass'],
  ])('is not blamed if %s', (_, proxies, proxySet, outcome) => {
    const diagnosis = told({ proxies: ok([...proxies]), proxySet })
    expect([linesOf(diagnosis), outcomeOf(diagnosis, 'tke-node')]).toEqual([[], outcome])
  })

  it('is blamed where its pod fails, whatever its DaemonSet says', () => {
    const proxies = ok(HOSTS.map((host) => proxy(host, { isReady: false })))
    expect(linesOf(told({ proxies, proxySet: denied }))).toEqual([
      'tke-node/kube-proxy-not-ready cause likely → 16,17,18',
    ])
  })
})

describe('a node that is bound by IPv4', () => {
  it('forwards to no endpoint of IPv6', () => {
    const diagnosis = told({ slices: ok([slice(HOSTS.map(six))]) })
    expect(linesOf(diagnosis)).toEqual(['tke-pod/no-endpoints cause certain → 16,17,18'])
    const { detail, quote } = findingOf(diagnosis, 'tke-pod/no-endpoints')
    expect(detail).toContain('none of its endpoints has an address of IPv4')
    expect(quote).toContain('fd00::16')
  })

  it('serves by those of IPv4 beside them', () => {
    expect(linesOf(told({ slices: ok([slice(HOSTS.map(six)), slice([endpoint(17)])]) }))).toEqual([])
  })

  it('is left open by Endpoints, which hold the first family alone', () => {
    const old = { ...slice(HOSTS.map(six)), isOneFamily: true as const }
    const diagnosis = told({ slices: ok([old]) })
    expect([linesOf(diagnosis), outcomeOf(diagnosis, 'tke-pod')]).toEqual([[], 'unknown'])
  })

  it('has no local pod by IPv6 under the policy Local', () => {
    const diagnosis = told({
      services: ok([service({ isLocal: true })]),
      slices: ok([slice(HOSTS.map(six)), slice([endpoint(17)])]),
    })
    expect(linesOf(diagnosis)).toEqual(['tke-node/local-policy-no-pod cause certain → 16,18'])
    expect(findingOf(diagnosis, 'tke-node/local-policy-no-pod').detail).toContain('are on node-17.')
  })
})

describe('the policy Local', () => {
  const fixOf = (bindsNodesWithPods: boolean) => {
    const view = {
      services: ok([service({ isLocal: true, bindsNodesWithPods })]),
      slices: ok([slice([endpoint(17)])]),
    }
    return findingOf(told(view), 'tke-node/local-policy-no-pod').fix
  }

  it('asks for the annotation that binds nodes with pods alone, unless the Service has it', () => {
    const name = 'local-svc-only-bind-node-with-pod'
    expect([fixOf(false)?.summary, fixOf(false)?.commands?.[0]?.line].join()).toMatch(
      new RegExp(`${name}.*${name}=true`, 's'),
    )
    expect(JSON.stringify(fixOf(true))).not.toContain(name)
  })
})

describe('a Service with one number for TCP and UDP', () => {
  it('is judged by the protocol of the listener', () => {
    const both = service({ ports: [port({ name: 'tcp' }), port({ name: 'udp', protocol: 'UDP' })] })
    const udpOnly = { ...slice([endpoint(16)]), ports: [{ name: 'udp', protocol: 'UDP', port: 8080 }] }
    const view = { services: ok([both]), slices: ok([udpOnly]), pods: ok([pod(16)]) }
    expect(linesOf(told(view))).toEqual(['tke-pod/no-endpoints cause likely → 16,17,18'])
  })
})

describe('a healthCheckNodePort', () => {
  const local = service({ isLocal: true, healthCheckNodePort: 31_999 })
  const none = { services: ok([local]), pods: ok([]), slices: ok([slice([])]) }
  const asked = (fields: Parameters<typeof healthCheck>[0]) =>
    linesOf(told(none, { healthCheck: healthCheck({ port: 31_999, ...fields }) }))

  it('accepts every connection, so a check of TCP passes without a pod', () => {
    expect(asked({ type: 'TCP' })).toEqual([])
  })

  it('answers 503 without a pod, which a check of HTTP notices if it does not take 5xx', () => {
    expect(asked({ type: 'HTTP', httpCodes: 2 })).toEqual(['tke-pod/no-endpoints cause certain → 16,17,18'])
    expect(asked({ type: 'HTTP', httpCodes: 31 })).toEqual([])
  })
})

describe('pods of another time than the endpoints', () => {
  it('do not make it a Service whose selector fits no pod', () => {
    const view = { slices: ok([slice([endpoint(16, { isReady: false, isServing: false })])]), pods: ok([]) }
    const { detail } = findingOf(told(view), 'tke-pod/no-endpoints')
    expect(detail).toContain('no endpoint is ready')
    expect(detail).not.toContain('no pod has the labels')
  })
})

describe('pods without a ready endpoint', () => {
  it('are not told to have the wrong port by its number, which is taken as it stands', () => {
    const going = pod(16, { isTerminating: true })
    const other = pod(17, {
      isReady: false,
      containers: [container({ isReady: false, waiting: 'ErrImagePull' })],
    })
    const view = {
      services: ok([service({ ports: [port({ targetPort: 9999 })] })]),
      slices: ok([slice([endpoint(17, { isReady: false, isServing: false })])]),
      pods: ok([going, other]),
    }
    expect(linesOf(told(view))).toEqual(['tke-pod/no-endpoints cause certain → 16,17,18'])
  })

  it('leave the policy Local open while the last ones go', () => {
    const last = endpoint(17, { isReady: false, isTerminating: true })
    const diagnosis = told({ services: ok([service({ isLocal: true })]), slices: ok([slice([last])]) })
    expect([linesOf(diagnosis), outcomeOf(diagnosis, 'tke-node')]).toEqual([[], 'unknown'])
  })
})

describe('a pod that goes', () => {
  it('is no stale backend as long as it is there, although Endpoints leave it out', () => {
    const view = {
      services: ok([service({ isDirect: true })]),
      slices: ok([slice([endpoint(17)], { isOneFamily: true })]),
      pods: ok([pod(16, { isTerminating: true }), pod(17)]),
    }
    const bound = { type: 'GLOBALROUTE', ip: '172.16.1.16', port: 8080 } as const
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', registration: bound }],
      balancer: { tags: { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' } },
      replace: { kubernetes: ok(cluster(HOSTS, view)) },
    })
    expect(linesOf(diagnosis)).toEqual([])
  })
})

describe('a pod in the network of its node', () => {
  it('is no old NodePort, although its port looks like one', () => {
    const view = {
      slices: ok([
        slice([endpoint(16, { addresses: ['10.0.1.16'] })], {
          ports: [{ name: null, protocol: 'TCP', port: 30_500 }],
        }),
      ]),
    }
    const diagnosis = diagnosisOf({
      machines: [{ host: 16, status: 'Dead', registration: { port: 30_500 } }],
      balancer: { tags: { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' } },
      replace: { kubernetes: ok(cluster(HOSTS, view)) },
    })
    expect(linesOf(diagnosis)).toEqual([])
  })
})

describe('a Service without a selector', () => {
  const manual = { services: ok([service({ selector: null })]), by: 'kubectl' as const }
  const elsewhere = { ...slice([endpoint(16)]), namespace: 'other', service: 'api' }
  const ofApi = { ...slice([endpoint(16)]), namespace: 'default', service: 'kubernetes' }

  it('has no endpoints only if the list is of all namespaces', () => {
    const part = told({ ...manual, slices: ok([elsewhere]) })
    expect([linesOf(part), outcomeOf(part, 'tke-pod')]).toEqual([[], 'unknown'])
    expect(linesOf(told({ ...manual, slices: ok([elsewhere, ofApi]) }))).toEqual([
      'tke-pod/no-endpoints cause certain → 16,17,18',
    ])
  })
})
