import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { closeAtOnce, listenOnLoopback } from '../listen.ts'
import type { World } from '../world.ts'
import { answerKubernetes, type KubernetesAnswer, type KubernetesOptions, statusOf } from './api.ts'
import { createAuthority } from './certificates.ts'

/** The API of a simulated cluster, on loopback with TLS. */
export interface SimulatedCluster {
  readonly url: string
  /** A file with the kubeconfig. It goes when the API closes. */
  readonly path: string
  /** A kubeconfig that it accepts, as JSON, which is YAML too. By default with a token. */
  kubeconfig(login?: 'token' | 'certificate'): string
  /** Every request: method and path. */
  readonly requests: readonly string[]
  close(): Promise<void>
}

const TOKEN = 'simulated-token'
const CLIENT = 'clb-doctor'

/** Starts the API of the cluster whose inside the world has. Null if it has none. */
export async function startCluster(
  world: World,
  options: KubernetesOptions = {},
): Promise<SimulatedCluster | null> {
  const cluster = world.clusters.find(({ inside }) => inside)
  if (!cluster) return null
  const authority = createAuthority('simulated-cluster')
  const own = authority.issue('kube-apiserver', 'server')
  const client = authority.issue(CLIENT, 'client')
  const requests: string[] = []

  function answerTo(req: http.IncomingMessage): KubernetesAnswer {
    requests.push(`${req.method} ${req.url}`)
    const isCertified = (req.socket as TLSSocket).authorized
    if (!isCertified && req.headers.authorization !== `Bearer ${TOKEN}`)
      return statusOf(401, 'Unauthorized', 'Unauthorized')
    if (req.method !== 'GET') return statusOf(403, 'Forbidden', 'only reading is simulated')
    return cluster ? answerKubernetes(world, cluster, req.url ?? '/', options) : statusOf(404, 'NotFound', '')
  }

  const server = https.createServer(
    { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: false },
    (req, res) => {
      const { status, body } = answerTo(req)
      res.writeHead(status, { 'content-type': 'application/json' })
      res.end(JSON.stringify(body))
    },
  )
  const url = `https://127.0.0.1:${await listenOnLoopback(server, 0)}`
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const kubeconfig = (login: 'token' | 'certificate' = 'token'): string =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': cluster.id,
      contexts: [{ name: cluster.id, context: { cluster: cluster.id, user: CLIENT } }],
      clusters: [
        {
          name: cluster.id,
          cluster: { server: url, 'certificate-authority-data': base64(authority.cert) },
        },
      ],
      users: [
        {
          name: CLIENT,
          user:
            login === 'token'
              ? { token: TOKEN }
              : {
                  'client-certificate-data': base64(client.cert),
                  'client-key-data': base64(client.key),
                },
        },
      ],
    })
  const folder = await mkdtemp(join(tmpdir(), 'clb-doctor-cluster-'))
  const path = join(folder, 'kubeconfig')
  await writeFile(path, kubeconfig(), { mode: 0o600 })
  return {
    url,
    path,
    requests,
    kubeconfig,
    close: async () => {
      await Promise.all([closeAtOnce(server), rm(folder, { recursive: true, force: true })])
    },
  }
}
