import { describe, expect, it } from 'vitest'
import type { CloudSession } from '../../src/cloud/cloud.ts'
import { readClusters, readNodes } from '../../src/snapshot/clusters.ts'
import { sessionOf } from '../support/cloud.ts'

const WHERE = { region: 'ap-guangzhou', wave: 2 }
const answering = (answer: object): CloudSession => sessionOf(() => answer)
const modeOf = async (settings: object | null) => {
  const cluster = { ClusterId: 'cls-1', ClusterName: 'shop', ClusterNetworkSettings: settings }
  const { 'cls-1': fact } = await readClusters(
    answering({ TotalCount: 1, Clusters: [cluster] }),
    ['cls-1'],
    WHERE,
  )
  return fact?.state === 'ok' ? fact.value?.ipvs : fact
}

describe('the mode of a cluster', () => {
  it.each([
    ['IPVS alone', { Ipvs: true }, true],
    ['no IPVS, nothing else said', { Ipvs: false, KubeProxyMode: '' }, false],
    ['both agree', { Ipvs: true, KubeProxyMode: 'ipvs' }, true],
    ['both agree that not', { Ipvs: false, KubeProxyMode: 'iptables' }, false],
    ['they contradict each other, as in the documented answer', { Ipvs: false, KubeProxyMode: 'ipvs' }, null],
    ['ipvs-bpf', { Ipvs: true, KubeProxyMode: 'kube-proxy-bpf' }, null],
    ['Cilium', { Ipvs: false, DataPlaneV2: true }, false],
    ['Cilium and IPVS', { Ipvs: true, DataPlaneV2: true }, null],
    ['nothing said', {}, null],
    ['null', { Ipvs: null, KubeProxyMode: null }, null],
    ['no settings', null, null],
  ] as const)('%s', async (_, settings, ipvs) => {
    expect(await modeOf(settings)).toBe(ipvs)
  })
})

describe('the nodes of a cluster', () => {
  it('without a list are unknown, not absent', async () => {
    expect(await readNodes(answering({ TotalCount: 2 }), ['cls-1'], WHERE)).toMatchObject({
      'cls-1': { state: 'failed', failure: { problem: 'malformed' } },
    })
  })

  it('have an id and an address', async () => {
    const nodes = [
      { InstanceId: 'ins-1', LanIP: '10.0.1.16' },
      { InstanceId: 'np-1-a', LanIP: '' },
    ]
    expect(await readNodes(answering({ TotalCount: 2, InstanceSet: nodes }), ['cls-1'], WHERE)).toEqual({
      'cls-1': {
        state: 'ok',
        value: [
          { id: 'ins-1', ip: '10.0.1.16' },
          { id: 'np-1-a', ip: null },
        ],
      },
    })
  })
})
