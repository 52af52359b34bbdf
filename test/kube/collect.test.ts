import { describe, expect, it } from 'vitest'
import { collect } from '../../src/kube/collect.ts'
import { CallError, type Get } from '../../src/kube/get.ts'
import { type Fact, known } from '../../src/model/fact.ts'
import { KUBERNETES_RULES, type Kubernetes, type KubernetesKind } from '../../src/model/kubernetes.ts'
import { shop } from '../../src/simulator/base.ts'
import { answerKubernetes, type KubernetesOptions } from '../../src/simulator/kubernetes/api.ts'
import type { Cluster, World } from '../../src/simulator/world.ts'

const CLB = { id: 'lb-7dpmqwcu', tags: {}, vips: [], domain: null, nodePorts: [] }

function clusterWorld(): { readonly world: World; readonly cluster: Cluster } {
  const { world, machines } = shop()
  const cluster: Cluster = {
    id: 'cls-1',
    name: 'c',
    ipvs: true,
    machineIds: machines.map(({ id }) => id),
    inside: {
      services: [
        {
          namespace: 'shop',
          name: 'web',
          uid: 'uid-web',
          annotations: { 'service.kubernetes.io/loadbalance-id': 'lb-7dpmqwcu' },
          port: 443,
          targetPort: 8080,
          nodePort: 31_080,
          local: false,
          selector: { app: 'web' },
          addresses: [],
        },
        {
          namespace: 'other',
          name: 'api',
          uid: 'uid-api',
          annotations: {},
          port: 80,
          targetPort: 8080,
          nodePort: 31_090,
          local: false,
          selector: { app: 'api' },
          addresses: [],
        },
      ],
      pods: machines.flatMap(({ id }, i) =>
        ['web', 'api'].map((app, j) => ({
          namespace: app === 'web' ? 'shop' : 'other',
          name: `${app}-${i}`,
          ip: `172.16.${j}.${i + 1}`,
          machineId: id,
          labels: { app },
          ports: [{ port: 8080 }],
          listens: 8080,
          state: 'ready' as const,
        })),
      ),
      notReady: [],
      withoutProxy: [],
    },
  }
  return { world, cluster }
}

interface Read {
  readonly fact: Fact<Kubernetes>
  readonly view: Kubernetes | undefined
  readonly paths: readonly string[]
}

/** What is read of the simulated cluster. `spoil` may replace an answer. */
async function read(
  options: KubernetesOptions = {},
  clb: Partial<Parameters<typeof collect>[1]> = {},
  spoil: (path: string) => Awaited<ReturnType<Get>> | null = () => null,
): Promise<Read> {
  const { world, cluster } = clusterWorld()
  const paths: string[] = []
  const get: Get = async (path) => {
    paths.push(path)
    const { status, body } = answerKubernetes(world, cluster, path, options)
    return spoil(path) ?? { status, value: body }
  }
  const fact = await collect(
    { get, signal: AbortSignal.timeout(5_000), answers: new Map() },
    { ...CLB, ...clb },
    'test',
  )
  return { fact, view: known(fact), paths }
}

const KINDS = Object.keys(KUBERNETES_RULES) as KubernetesKind[]
const stateOf = (view: Kubernetes | undefined) =>
  Object.fromEntries(KINDS.map((kind) => [kind, view?.[kind]?.state ?? 'left out']))

describe('reading a cluster', () => {
  it('reads the pods and endpoints of the Services of the CLB alone', async () => {
    const { view, paths } = await read()
    expect(known(view?.services)?.map(({ name }) => name)).toEqual(['web'])
    expect(new Set(known(view?.pods)?.map(({ namespace }) => namespace))).toEqual(new Set(['shop']))
    expect(known(view?.slices)?.map(({ service }) => service)).toEqual(['web'])
    expect(known(view?.nodes)?.length).toBeGreaterThan(1)
    expect(known(view?.proxies)?.length).toBe(known(view?.nodes)?.length)
    expect(known(view?.proxySet)?.mode).toBe('ipvs')
    expect(Object.values(stateOf(view))).toEqual(KINDS.map(() => 'ok'))
    expect(paths.length).toBeLessThanOrEqual(10)
    expect(JSON.stringify(view)).not.toContain('never-shown')
  })

  it('follows pages to the end', async () => {
    const whole = await read()
    const paged = await read({ page: 1 })
    expect(paged.view).toEqual(whole.view)
    expect(paged.paths.length).toBeGreaterThan(whole.paths.length + 3)
  })

  it('starts once more if a page came too late', async () => {
    let isOld = true
    const { view } = await read({ page: 1 }, {}, (path) => {
      if (!path.includes('/nodes?') || !path.includes('continue=') || !isOld) return null
      isOld = false
      return { status: 410, value: { kind: 'Status' } }
    })
    expect(view?.nodes).toEqual((await read()).view?.nodes)
  })

  it('stops after the Services if none uses the CLB', async () => {
    const { view, paths } = await read({}, { id: 'lb-other000' })
    expect([known(view?.services), view?.pods]).toEqual([[], undefined])
    expect(paths).toHaveLength(6)
  })

  it('finds the Service of a cluster without tags by its NodePort', async () => {
    const { view } = await read({}, { id: 'lb-other000', nodePorts: [31_090] })
    expect(known(view?.services)?.map(({ name }) => name)).toEqual(['api'])
  })

  it('takes Endpoints of a cluster without EndpointSlices, and no TkeServiceConfig where TKE has none', async () => {
    const { view } = await read({ missing: new Set(['endpointslices', 'tkeserviceconfigs']) })
    const ready = (own: Kubernetes | undefined) =>
      known(own?.slices)?.flatMap(({ endpoints }) =>
        endpoints.map(({ addresses, isReady }) => [...addresses, isReady]),
      )
    expect(ready(view)).toEqual(ready((await read()).view))
    expect(ready(view)?.length).toBeGreaterThan(1)
    expect(known(view?.serviceConfigs)).toEqual([])
  })

  it.each(KINDS)('keeps everything else if %s is denied', async (kind) => {
    const { verb, resource } = KUBERNETES_RULES[kind]
    const { view } = await read({ denied: new Set([`${verb} ${resource}`]) })
    const denied = KINDS.filter(
      (other) => KUBERNETES_RULES[other].resource === resource && KUBERNETES_RULES[other].verb === verb,
    )
    const states = stateOf(view)
    for (const own of KINDS) {
      const isBehind = kind === 'services' && own !== 'services' && own !== 'ingresses'
      expect([own, states[own]]).toEqual([
        own,
        denied.includes(own) ? 'denied' : isBehind ? 'left out' : 'ok',
      ])
    }
  })
})

describe('a cluster that does not answer', () => {
  it.each([
    [401, 'rejected', 'Http401'],
    [500, 'unavailable', 'Http500'],
    [429, 'throttled', 'Http429'],
    [200, 'malformed', 'NoList'],
  ])('with HTTP %i is one failure', async (status, problem, code) => {
    const { fact } = await read({}, {}, () => ({ status, value: { kind: 'Status' } }))
    expect(fact).toMatchObject({
      state: 'failed',
      failure: { problem, code, action: 'kubernetes:list services' },
    })
  })

  it('because the connection fails is one failure', async () => {
    const { fact } = await read({}, {}, () => {
      throw new CallError('unavailable', 'ECONNREFUSED', '127.0.0.1:1')
    })
    expect(fact).toMatchObject({ state: 'failed', failure: { problem: 'unavailable', code: 'ECONNREFUSED' } })
  })

  it('with an object without a name is malformed for that kind only', async () => {
    const { view } = await read({}, {}, (path) =>
      path.includes('/nodes?') ? { status: 200, value: { items: [{ metadata: {} }] } } : null,
    )
    expect([view?.nodes?.state, view?.pods?.state]).toEqual(['failed', 'ok'])
  })

  it('with ever more pages is given up', async () => {
    const { view } = await read({}, {}, (path) =>
      path.includes('/nodes?') ? { status: 200, value: { items: [], metadata: { continue: 'x' } } } : null,
    )
    expect(view?.nodes).toMatchObject({ state: 'failed', failure: { code: 'TooMany', message: '10000' } })
  })
})
