import { readFileSync } from 'node:fs'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { ENDPOINTS_RULE, KUBERNETES_RULES } from '../../src/model/kubernetes.ts'

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
}

const documents = loadAll(
  readFileSync(new URL('../../deploy/clusterrole.yaml', import.meta.url), 'utf8'),
) as readonly { readonly kind: string; readonly rules?: readonly Rule[]; readonly [field: string]: unknown }[]

const ofKind = (kind: string) => documents.find((one) => one.kind === kind)

describe('deploy/clusterrole.yaml', () => {
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
