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
    ['is IPVS if only Ipvs is true', { Ipvs: true }, true],
    ['is not IPVS if Ipvs is false and KubeProxyMode is empty', { Ipvs: false, KubeProxyMode: '' }, false],
    ['is IPVS if both fields agree on IPVS', { Ipvs: true, KubeProxyMode: 'ipvs' }, true],
    ['is not IPVS if both fields agree on iptables', { Ipvs: false, KubeProxyMode: 'iptables' }, false],
    [
      'is unknown if the fields contradict each other, as in the documented answer',
      { Ipvs: false, KubeProxyMode: 'ipvs' },
      null,
    ],
    ['is unknown for ipvs-bpf', { Ipvs: true, KubeProxyMode: 'kube-proxy-bpf' }, null],
    ['is not IPVS for Cilium', { Ipvs: false, DataPlaneV2: true }, false],
    ['is unknown for Cilium with IPVS', { Ipvs: true, DataPlaneV2: true }, null],
    ['is unknown without fields', {}, null],
    ['is unknown if the fields are null', { Ipvs: null, KubeProxyMode: null }, null],
    ['is unknown without settings', null, null],
  ] as const)('%s', async (_, settings, ipvs) => {
    expect(await modeOf(settings)).toBe(ipvs)
  })
})

describe('the nodes of a cluster', () => {
  it('are unknown, not absent, if the answer has no list', async () => {
    expect(await readNodes(answering({ TotalCount: 2 }), ['cls-1'], WHERE)).toMatchObject({
      'cls-1': { state: 'failed', failure: { problem: 'malformed' } },
    })
  })

  it('have an id and an address, which may be unknown', async () => {
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
