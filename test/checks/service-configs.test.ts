import { describe, expect, it } from 'vitest'
import { kubernetesIn } from '../../src/kube/index.ts'
import { known, ok } from '../../src/model/fact.ts'
import type { Kubernetes, ServiceConfig } from '../../src/model/kubernetes.ts'
import type { ListenerRule } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { cluster, NODE_PORT, service } from '../support/kubernetes.ts'
import { diagnosisOf, healthCheck, type World } from '../support/snapshots.ts'

// What a TkeServiceConfig asks for, against what the CLB has (457/45490, 457/45700).

const config = (loadBalancer: object): ServiceConfig => {
  const [read] =
    known(
      kubernetesIn({
        kind: 'TkeServiceConfig',
        metadata: { namespace: 'shop', name: 'web-config' },
        spec: { loadBalancer },
      }).serviceConfigs,
    ) ?? []
  if (!read) throw new Error('no config')
  return read
}
const l4 = (settings: object, port = 443) =>
  config({ l4Listeners: [{ protocol: 'TCP', port, healthCheck: settings }] })

const TAGS = { 'tke-clusterId': 'cls-1', 'tke-createdBy-flag': 'yes' }
const HOSTS = [16, 17]

function noteOf(
  configs: readonly ServiceConfig[],
  view: Partial<Kubernetes> = {},
  fields: Partial<World> = {},
) {
  const diagnosis = diagnosisOf({
    machines: HOSTS.map((host) => ({
      host,
      status: 'Dead',
      registration: { port: NODE_PORT, ...(fields.listener ? { locationId: 'loc-1' } : {}) },
    })),
    balancer: { tags: TAGS },
    listener: { healthCheck: healthCheck({ timeoutSeconds: 2, intervalSeconds: 5 }) },
    replace: {
      kubernetes: ok(
        cluster(HOSTS, {
          services: ok([service({ serviceConfig: 'web-config' })]),
          serviceConfigs: ok(configs),
          ...view,
        }),
      ),
    },
    ...fields,
  })
  return findingOf(diagnosis, 'tke-mode/node-port').detail
}

describe('a setting of the CLB that differs from the TkeServiceConfig', () => {
  it('is told with both values, and that the controller may write its own again', () => {
    const detail = noteOf([l4({ enable: true, timeout: 4, intervalTime: 5, healthNum: 2 })])
    expect(detail).toContain(
      'TkeServiceConfig shop/web-config and the CLB differ: TimeOut 4 there and 2 on the CLB, HealthNum 2 there and 3 on the CLB.',
    )
    expect(detail).toContain('its next sync may write the values of the TkeServiceConfig again')
  })

  it('is found in the rule of its domain and path alone', () => {
    const rule: ListenerRule = {
      locationId: 'loc-1',
      domain: 'shop.example.com',
      url: '/api',
      healthCheck: healthCheck({ type: 'HTTP', path: '/old', method: 'HEAD' }),
      forwardType: null,
      targetType: null,
      targetGroupIds: [],
      redirectsTo: null,
    }
    const own = config({
      l7Listeners: [
        {
          protocol: 'HTTPS',
          port: 443,
          domains: [
            {
              domain: 'shop.example.com',
              rules: [
                { url: '/', healthCheck: { enable: true, httpCheckPath: '/other' } },
                {
                  url: '/api',
                  healthCheck: { enable: true, httpCheckPath: '/health', httpCheckMethod: 'HEAD' },
                },
              ],
            },
          ],
        },
      ],
    })
    const ingress = {
      namespace: 'shop',
      name: 'front',
      uid: null,
      addresses: [],
      services: ['web'],
      clbIds: ['lb-7dpmqwcu'],
      isDirect: false,
      isSkipped: false,
      serviceConfig: 'web-config',
    }
    const world = { listener: { protocol: 'HTTPS', rules: [rule] } }
    const detail = noteOf([own], { services: ok([service()]), ingresses: ok([ingress]) }, world)
    expect(detail).toContain('differ: HttpCheckPath /health there and /old on the CLB.')
  })

  it.each([
    ['all declared settings agree', [l4({ enable: true, timeout: 2, intervalTime: 5 })], {}],
    ['the difference is of another listener', [l4({ enable: true, timeout: 4 }, 8443)], {}],
    ['it declares nothing of the check', [config({ l4Listeners: [{ protocol: 'TCP', port: 443 }] })], {}],
    [
      'mode: skip leaves the CLB alone',
      [l4({ timeout: 4 })],
      { services: ok([service({ serviceConfig: 'web-config', isSkipped: true })]) },
    ],
    ['the Service names none', [l4({ timeout: 4 })], { services: ok([service()]) }],
  ])('is not told if %s', (_, configs, view) => {
    expect(noteOf(configs, view)).not.toContain('TkeServiceConfig')
  })
})

describe('a TkeServiceConfig that the Service names', () => {
  it('is told if it does not exist', () => {
    expect(noteOf([])).toContain('shop/web names TkeServiceConfig shop/web-config, which does not exist')
  })

  it('is not edited by a fix if it does not exist', () => {
    const world = (configs: readonly ServiceConfig[]): World => ({
      machines: [{ host: 16, status: 'Dead', registration: { port: NODE_PORT } }],
      balancer: { tags: TAGS },
      listener: { healthCheck: healthCheck({ timeoutSeconds: 9, intervalSeconds: 5 }) },
      replace: {
        kubernetes: ok(
          cluster([16], {
            services: ok([
              service({ serviceConfig: 'web-config' }),
              service({ name: 'other', ports: [], serviceConfig: 'other-config' }),
            ]),
            serviceConfigs: ok(configs),
          }),
        ),
      },
    })
    const lines = (configs: readonly ServiceConfig[]) =>
      findingOf(diagnosisOf(world(configs)), 'health-check-config/timeout-not-below-interval')
        .fix?.commands?.map(({ line }) => line)
        .filter((line) => line.startsWith('kubectl edit'))
    expect(lines([l4({ timeout: 9 })])).toEqual(['kubectl edit tkeserviceconfig web-config -n shop'])
    expect(lines([])).toEqual([])
  })
})

describe('a fix that changes the health check of a CLB of TKE', () => {
  it.each(['pool-membership/check-disabled'])('of %s says where', (code) => {
    const world = (tags: Readonly<Record<string, string>>): World => ({
      machines: [{ host: 16, status: 'Close' }],
      balancer: { tags },
      listener: { healthCheck: healthCheck({ enabled: false }) },
    })
    const fixOf = (tags: Readonly<Record<string, string>>) =>
      findingOf(diagnosisOf(world(tags)), code).fix?.summary
    expect(fixOf(TAGS)).toContain('TkeServiceConfig')
    expect(fixOf({})).not.toContain('TkeServiceConfig')
  })
})
