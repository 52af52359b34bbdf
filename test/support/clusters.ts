import { collect } from '../../src/kube/collect.ts'
import type { ClusterReader } from '../../src/kube/index.ts'
import { answerKubernetes, type KubernetesOptions } from '../../src/simulator/kubernetes/api.ts'
import type { World } from '../../src/simulator/world.ts'

/** Asks the simulated cluster of a world, without sockets. */
export const clusterOf =
  (world: World, options: KubernetesOptions = {}): ClusterReader =>
  (signal) => {
    const [cluster] = world.clusters.filter(({ inside }) => inside)
    if (!cluster) throw new Error('no cluster')
    const get = async (path: string) => {
      const { status, body } = answerKubernetes(world, cluster, path, options)
      return { status, value: JSON.parse(JSON.stringify(body)) as unknown }
    }
    const answers = new Map()
    return (clb) => collect({ get, signal, answers }, clb, 'case (simulated)')
  }

/** Only a world whose cluster can be asked has a kubeconfig. */
export const clusterIn = (
  world: World,
  options: KubernetesOptions = {},
): { readonly cluster?: ClusterReader } =>
  world.clusters.some(({ inside }) => inside) ? { cluster: clusterOf(world, options) } : {}
