import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { collect } from '../../src/kube/collect.ts'
import { ENDPOINTS_RULE, KUBERNETES_RULES } from '../../src/model/kubernetes.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { answerKubernetes } from '../../src/simulator/kubernetes/api.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

const documents = loadAll(
  readFileSync(new URL('../../deploy/clusterrole.yaml', import.meta.url), 'utf8'),
) as readonly { readonly kind: string; readonly rules?: readonly Rule[]; readonly [field: string]: unknown }[]

const ofKind = (kind: string) => documents.find((one) => one.kind === kind)

/** True if a rule allows the request: the verb, group and resource of its path, and the name if the rule names any. */
function isGranted(path: string, rules: readonly Rule[]): boolean {
  const { pathname } = new URL(path, 'https://kubernetes.default')
  const match =
    /^\/(?:api|apis\/(?<group>[^/]+))\/v\w+(?:\/namespaces\/[^/]+)?\/(?<resource>[^/]+)(?:\/(?<name>[^/]+))?$/.exec(
      pathname,
    )
  const { group = '', resource = '', name } = match?.groups ?? {}
  return rules.some(
    ({ apiGroups, resources, verbs, resourceNames }) =>
      apiGroups.includes(group) &&
      resources.includes(resource) &&
      verbs.includes(name === undefined ? 'list' : 'get') &&
      (resourceNames === undefined || (name !== undefined && resourceNames.includes(name))),
  )
}

describe('deploy/clusterrole.yaml', () => {
  it.each([
    ['a cluster of today', {}],
    [
      'an old cluster',
      { missing: new Set(['endpointslices', '/apis/networking.k8s.io/v1/ingresses', 'tkeserviceconfigs']) },
    ],
  ])('allows every request that is made to %s', async (_, options) => {
    const world = findScenario('local-policy')?.build()
    const inside = world?.clusters[0]
    if (!world || !inside) throw new Error('no cluster')
    const paths: string[] = []
    const get = async (path: string) => {
      paths.push(path)
      const { status, body } = answerKubernetes(world, inside, path, options)
      return { status, value: body }
    }
    const clb = { id: 'lb-7dpmqwcu', tags: {}, vips: [], domain: null, nodePorts: [] }
    await collect({ get, signal: AbortSignal.timeout(5_000), answers: new Map() }, clb, 'test')
    expect(paths.length).toBeGreaterThan(8)
    const rules = ofKind('ClusterRole')?.rules ?? []
    expect(paths.filter((path) => !isGranted(path, rules))).toEqual([])
    // The rules are not so wide that they allow whatever is asked.
    expect(isGranted('/api/v1/namespaces/kube-system/configmaps/other', rules)).toBe(false)
    expect(isGranted('/api/v1/secrets', rules)).toBe(false)
  })

  it('grants exactly what is read', () => {
    const granted = (ofKind('ClusterRole')?.rules ?? []).flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    )
    const read = [...Object.values(KUBERNETES_RULES), ENDPOINTS_RULE].map(
      ({ verb, group, resource }) => `${verb} ${group}/${resource}`,
    )
    expect(granted.sort()).toEqual([...new Set(read)].sort())
    expect(granted.filter((one) => !/^(list|get) /.test(one) || /secrets/.test(one))).toEqual([])
  })

  it('binds the role to its own account', () => {
    expect(ofKind('ClusterRoleBinding')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'clb-doctor' },
      subjects: [{ kind: 'ServiceAccount', name: 'clb-doctor', namespace: 'kube-system' }],
    })
    expect(ofKind('ServiceAccount')).toMatchObject({
      metadata: { name: 'clb-doctor', namespace: 'kube-system' },
    })
  })
})
