import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diagnose } from '../../src/app/diagnose.ts'
import type { Diagnosis, Gap } from '../../src/model/diagnosis.ts'
import { KUBERNETES_RULES } from '../../src/model/kubernetes.ts'
import { findScenario, type SimulatedCluster, startCluster } from '../../src/simulator/index.ts'
import { createAuthority } from '../../src/simulator/kubernetes/certificates.ts'
import { causesOf, contextOf, type Stage, setStage } from './support.ts'

// Real diagnoses of a simulated cloud, with a kubeconfig of the simulated cluster behind it: real sockets and real TLS.

const scenario = findScenario('local-policy')
if (!scenario) throw new Error('no scenario')
const CAUSE = 'tke-node/local-policy-no-pod certain 18,19,20'

let stage: Stage
let folder: string
const opened: SimulatedCluster[] = []
beforeEach(async () => {
  stage = await setStage(scenario, 'en')
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
})
afterEach(async () => {
  await Promise.all([stage.close(), ...opened.splice(0).map((one) => one.close())])
  rmSync(folder, { recursive: true })
})

async function diagnosed(kubeconfig: string): Promise<Diagnosis> {
  const context = contextOf(stage, { KUBECONFIG: kubeconfig })
  try {
    const clb = { loadBalancerId: scenario?.loadBalancerId ?? '', vip: null, vpcId: null, numericVpcId: null }
    const question = { clb, region: null, trigger: { source: 'cli', alarm: null } } as const
    return (await diagnose(question, context, AbortSignal.timeout(20_000))).diagnosis
  } finally {
    context.close()
  }
}

/** The cluster of the same world, with other permissions. */
async function clusterWith(options: Parameters<typeof startCluster>[1]): Promise<SimulatedCluster> {
  const cluster = await startCluster(scenario?.build() ?? raise(), options)
  if (!cluster) throw new Error('no cluster')
  opened.push(cluster)
  return cluster
}
const raise = (): never => {
  throw new Error('no scenario')
}

/** A file with this content. */
function fileWith(content: string, name = 'kubeconfig'): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

type Config = {
  'current-context': string
  clusters: { cluster: Record<string, unknown> }[]
  users: { user: Record<string, unknown> }[]
}
/** The kubeconfig of the stage, changed. */
function changed(change: (config: Config) => void): string {
  const config = JSON.parse(stage.cloud.cluster?.kubeconfig() ?? '{}') as Config
  change(config)
  return fileWith(JSON.stringify(config))
}
const withUser = (user: Record<string, unknown>): string =>
  changed(({ users }) => {
    for (const one of users) one.user = user
  })
const withCluster = (fields: Record<string, unknown>): string =>
  changed(({ clusters }) => {
    for (const { cluster } of clusters) Object.assign(cluster, fields)
  })
const gapOf = ({ gaps }: Diagnosis): Gap | undefined =>
  gaps.find(({ action }) => action?.startsWith('kubernetes:'))

describe('a diagnosis with a kubeconfig', () => {
  it('names what only the cluster knows, with a token', async () => {
    const diagnosis = await diagnosed(stage.cloud.cluster?.path ?? '')
    expect([causesOf(diagnosis), gapOf(diagnosis)]).toEqual([[CAUSE], undefined])
    const requests = stage.cloud.cluster?.requests ?? []
    expect(requests.length).toBeGreaterThan(5)
    expect(requests.filter((one) => !one.startsWith('GET '))).toEqual([])
  })

  it('logs in by a client certificate, also from files beside the kubeconfig', async () => {
    const config = JSON.parse(stage.cloud.cluster?.kubeconfig('certificate') ?? '{}') as Config
    expect(causesOf(await diagnosed(fileWith(JSON.stringify(config))))).toEqual([CAUSE])
    const inFiles = (record: Record<string, unknown>) => {
      for (const [field, data] of Object.entries(record))
        if (field.endsWith('-data')) {
          fileWith(Buffer.from(String(data), 'base64').toString(), field)
          record[field.replace('-data', '')] = field
          delete record[field]
        }
    }
    for (const { cluster } of config.clusters) inFiles(cluster)
    for (const { user } of config.users) inFiles(user)
    expect(causesOf(await diagnosed(fileWith(JSON.stringify(config))))).toEqual([CAUSE])
  })

  it('takes YAML, a token from a file, and several paths, of which the first that says a thing wins', async () => {
    const { users, ...rest } = JSON.parse(stage.cloud.cluster?.kubeconfig() ?? '{}') as Config
    fileWith(`${users[0]?.user.token}\n`, 'token')
    const user = fileWith('users:\n  - name: clb-doctor\n    user: {tokenFile: ./token}\n', 'user.yaml')
    const cluster = fileWith(JSON.stringify(rest), 'cluster.json')
    expect(causesOf(await diagnosed(`${join(folder, 'missing')}:${user}:${cluster}`))).toEqual([CAUSE])
  })

  it.each([
    ...new Map(Object.values(KUBERNETES_RULES).map((rule) => [`${rule.verb} ${rule.resource}`, rule])),
  ])('goes on without %s, and the gap names that rule', async (grant) => {
    const cluster = await clusterWith({ denied: new Set([grant]) })
    const diagnosis = await diagnosed(cluster.path)
    expect(gapOf(diagnosis)).toMatchObject({ grant, errorCode: 'Http403', action: `kubernetes:${grant}` })
    const isNeeded = /services|endpointslices|nodes$/.test(grant) && !grant.includes('tke')
    expect(causesOf(diagnosis)).toEqual(isNeeded ? [] : [CAUSE])
  })
})

describe('a kubeconfig that does not work', () => {
  const cases: readonly (readonly [string, () => string, RegExp])[] = [
    ['is not there', () => join(folder, 'missing'), /missing cannot be read/],
    ['is no YAML', () => fileWith('a: [1'), /neither YAML nor JSON/],
    [
      'has no current context',
      () => changed((one) => Object.assign(one, { 'current-context': '' })),
      /current-context/,
    ],
    [
      'names no cluster',
      () => changed((one) => Object.assign(one, { clusters: [] })),
      /cluster cls-shop0001 .* not defined/,
    ],
    [
      'names no user',
      () => changed((one) => Object.assign(one, { users: [] })),
      /user clb-doctor .* not defined/,
    ],
    [
      'runs a command',
      () => withUser({ exec: { command: 'aws' } }),
      /command aws \(exec\).*deploy\/clusterrole\.yaml/,
    ],
    ['has an auth-provider', () => withUser({ 'auth-provider': { name: 'gcp' } }), /auth-provider gcp/],
    ['has a password', () => withUser({ username: 'a', password: 'never-shown' }), /name and password/],
    [
      'acts as somebody else',
      () => withUser({ token: 'x', as: 'root-of-all' }),
      /acts as root-of-all \(as\)/,
    ],
    ['has a server without TLS', () => withCluster({ server: 'http://127.0.0.1:1' }), /no https address/],
    ['names a file that is away', () => withUser({ tokenFile: 'gone' }), /gone, cannot be read/],
    [
      'has a broken certificate',
      () => withUser({ 'client-certificate-data': 'eA==', 'client-key-data': 'eA==' }),
      /cannot be parsed/,
    ],
    ['has an old token', () => withUser({ token: 'never-shown' }), /token or certificate has expired/],
    [
      'has another CA',
      () =>
        withCluster({
          'certificate-authority-data': Buffer.from(createAuthority('x').cert).toString('base64'),
        }),
      /cannot be reached \(Tls\)/,
    ],
    [
      'names a port where nothing listens',
      () => withCluster({ server: 'https://127.0.0.1:1' }),
      /cannot be reached \(ECONNREFUSED\).*127\.0\.0\.1:1/,
    ],
  ]

  it.each(cases)(
    'because it %s is a gap that says what to do, and the rest goes on',
    async (_, pathOf, why) => {
      const diagnosis = await diagnosed(pathOf())
      expect(gapOf(diagnosis)?.why).toMatch(why)
      expect(diagnosis.verdict).toBe('degraded')
      expect(causesOf(diagnosis)).toEqual([])
      expect(JSON.stringify(diagnosis)).not.toContain('never-shown')
    },
  )

  it('because its CA is wrong works if it says not to check', async () => {
    const path = changed(({ clusters }) => {
      for (const { cluster } of clusters) {
        delete cluster['certificate-authority-data']
        cluster['insecure-skip-tls-verify'] = true
      }
    })
    expect(causesOf(await diagnosed(path))).toEqual([CAUSE])
  })
})

describe('a kubeconfig of another cluster', () => {
  it('gives no finding, and a gap says that no Service has this CLB', async () => {
    const world = scenario.build()
    for (const { inside } of world.clusters)
      for (const service of inside?.services ?? [])
        Object.assign(service, {
          annotations: { 'service.kubernetes.io/loadbalance-id': 'lb-other000' },
          addresses: [],
        })
    const cluster = await startCluster(world)
    if (!cluster) throw new Error('no cluster')
    opened.push(cluster)
    const diagnosis = await diagnosed(cluster.path)
    expect(causesOf(diagnosis)).toEqual([])
    expect(diagnosis.gaps.map(({ why }) => why).join()).toMatch(
      /has no Service or Ingress that uses lb-7dpmqwcu/,
    )
  })

  it('says nothing about a CLB that no cluster has', async () => {
    const other = findScenario('service-down') ?? raise()
    const own = await setStage(other, 'en')
    const context = contextOf(own, { KUBECONFIG: stage.cloud.cluster?.path ?? '' })
    const clb = { loadBalancerId: other.loadBalancerId, vip: null, vpcId: null, numericVpcId: null }
    const { diagnosis } = await diagnose(
      { clb, region: null, trigger: { source: 'cli', alarm: null } },
      context,
      AbortSignal.timeout(20_000),
    )
    context.close()
    await own.close()
    const aboutCluster = /kube|cluster|NodePort/i
    expect(diagnosis.gaps.filter(({ why }) => aboutCluster.test(why))).toEqual([])
    expect(diagnosis.findings.filter(({ code }) => code.startsWith('tke-'))).toEqual([])
  })
})
