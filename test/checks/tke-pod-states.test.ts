import { describe, expect, it } from 'vitest'
import { kubernetesIn } from '../../src/kube/index.ts'
import type { Finding } from '../../src/model/diagnosis.ts'
import { known, ok } from '../../src/model/fact.ts'
import type { Kubernetes } from '../../src/model/kubernetes.ts'
import { findingOf } from '../support/findings.ts'
import {
  cluster,
  container,
  endpoint,
  NODE_PORT,
  node,
  pod,
  proxy,
  service,
  slice,
} from '../support/kubernetes.ts'
import { diagnosisOf } from '../support/snapshots.ts'

// Why the pods behind a NodePort are not ready, as their own status says it.

const HOSTS = [16, 17]
function told(view: Partial<Kubernetes>, code = 'tke-pod/not-ready'): Finding {
  const diagnosis = diagnosisOf({
    machines: HOSTS.map((host) => ({ host, status: 'Dead', registration: { port: NODE_PORT } })),
    balancer: { tags: { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' } },
    replace: { kubernetes: ok(cluster(HOSTS, view)) },
  })
  return findingOf(diagnosis, code)
}
const linesOf = ({ fix }: Finding): string => (fix?.commands ?? []).map(({ line }) => line).join('\n')
const down = endpoint(16, { isReady: false, isServing: false })
const none = { slices: ok([slice([down])]) }

/** The pod of what kubectl prints. */
function printed(spec: object, status: object) {
  const metadata = { namespace: 'shop', name: 'web-16', labels: { app: 'web' } }
  const [one] = known(kubernetesIn({ kind: 'Pod', metadata, spec, status }).pods) ?? []
  if (!one) throw new Error('no pod')
  return one
}

describe('a pod that no node takes', () => {
  const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }]
  const waiting = printed({ containers: [{ name: 'web' }] }, { phase: 'Pending', conditions })

  it('is told as such, without a log that it does not have', () => {
    const finding = told({ slices: ok([slice([])]), pods: ok([waiting]) })
    expect(finding.title).toContain('are not ready: Unschedulable')
    expect(finding.detail).toContain('because no node takes them')
    expect(linesOf(finding)).not.toContain('logs')
  })
})

describe('a pod with a readiness gate of somebody else', () => {
  it('waits for the gate and not for a container', () => {
    const { title, detail } = told({
      ...none,
      pods: ok([pod(16, { isReady: false, openGates: ['example.com/gate'] })]),
    })
    expect(title).toContain('are not ready: example.com/gate')
    expect(detail).toContain('because a readiness gate is open')
    expect(detail).not.toContain('container')
  })
})

describe('a pod whose node is cut off', () => {
  it('is told with its node, for the NodePorts of all other nodes too', () => {
    const finding = told({
      ...none,
      pods: ok([pod(16, { isReady: false })]),
      nodes: ok([node(16, { isReady: false }), node(17)]),
      proxies: ok(HOSTS.map((host) => proxy(host))),
    })
    expect(finding.title).toContain('NodeNotReady node-16')
    expect(finding.detail).toContain('because their node is not ready')
    expect(linesOf(finding)).toBe('kubectl describe pod web-16 -n shop\nkubectl describe node node-16')
  })
})

describe('pods that have ended', () => {
  it('had the labels, and are told as ended', () => {
    const evicted = printed({}, { phase: 'Failed', reason: 'Evicted' })
    const { detail } = told({ slices: ok([slice([])]), pods: ok([evicted]) }, 'tke-pod/no-endpoints')
    expect(detail).toContain('have ended (Evicted)')
    expect(detail).not.toContain('no pod has the labels')
  })
})

describe('a ready pod beside an empty list of endpoints', () => {
  it('makes it likely, not certain, that nobody answers', () => {
    const finding = told({ slices: ok([slice([])]), pods: ok([pod(16)]) }, 'tke-pod/no-endpoints')
    expect([finding.certainty, finding.detail.includes('read at different times')]).toEqual(['likely', true])
  })
})

describe('pods of a Service with publishNotReadyAddresses', () => {
  const crashing = container({ isReady: false, waiting: 'CrashLoopBackOff' })
  const view = {
    services: ok([service({ publishesAll: true })]),
    slices: ok([slice([endpoint(16, { isServing: false })])]),
    pods: ok([pod(16, { isReady: false, containers: [crashing] })]),
  }

  it('get requests although they do not run, so that is likely the reason', () => {
    const { certainty, detail } = told(view)
    expect([certainty, detail.includes('publishNotReadyAddresses')]).toEqual(['likely', true])
    expect(detail).not.toContain('nobody answers on the NodePort')
  })
})
