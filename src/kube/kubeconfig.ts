import { readFile } from 'node:fs/promises'
import { delimiter, dirname, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { load } from 'js-yaml'
import type { KubeconfigProblem } from '../model/kubernetes.ts'
import { parseProxy } from '../net/index.ts'
import { flag, isJson, items, type Json, json, text } from './parse/json.ts'

/** What is wrong, and the file, name or command that it is about. Never a secret. */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError'
  readonly problem: KubeconfigProblem
  readonly detail: string

  constructor(problem: KubeconfigProblem, detail: string, options?: ErrorOptions) {
    super(`kubeconfig: ${problem} ${detail}`, options)
    this.problem = problem
    this.detail = detail
  }
}

/** Where the API is, and how to prove who asks. */
export interface ClusterAccess {
  /** The context and its server, for people. */
  readonly context: string
  readonly server: URL
  readonly token: string | null
  readonly tls: {
    readonly ca?: Buffer
    readonly cert?: Buffer
    readonly key?: Buffer
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }
  /** `proxy-url` of the cluster. */
  readonly proxy: string | null
}

/** An entry of a kubeconfig, with the folder that its paths start from. */
interface Entry {
  readonly value: Json
  readonly folder: string
}

/**
 * Reads the files that `KUBECONFIG` names, as kubectl does: the first file that sets a thing wins, and a missing file is
 * left out if another is there.
 * @throws KubeconfigError
 */
export async function readKubeconfig(variable: string): Promise<ClusterAccess> {
  const paths = variable.split(delimiter).filter((path) => path !== '')
  const files = (await Promise.all(paths.map(fileAt))).filter((file) => file !== null)
  const [first] = files
  if (!first) throw new KubeconfigError('NoFile', variable)
  const name = files.map(({ value }) => text(value, 'current-context')).find((one) => one !== null) ?? null
  const context = name === null ? null : entryIn(files, 'contexts', 'context', name)
  if (name === null || !context) throw new KubeconfigError('NoContext', name ?? paths.join(delimiter))
  const clusterName = text(context.value, 'cluster') ?? ''
  const cluster = entryIn(files, 'clusters', 'cluster', clusterName)
  const address = text(cluster?.value, 'server')
  if (!cluster || address === null) throw new KubeconfigError('NoCluster', clusterName)
  const userName = text(context.value, 'user') ?? ''
  const user = entryIn(files, 'users', 'user', userName)
  if (!user && userName !== '') throw new KubeconfigError('NoUser', userName)
  const server = serverOf(address, userName)
  refuseOtherLogins(user?.value ?? {}, userName)
  const proxy = text(cluster.value, 'proxy-url')
  // Without it the token would go another way than the file says.
  if (proxy !== null && parseProxy(proxy) === null) throw new KubeconfigError('BadProxy', withoutLogin(proxy))
  return {
    context: `${name} (${server.host})`,
    server,
    token: await tokenOf(user),
    tls: await tlsOf(cluster, user),
    proxy,
  }
}

async function fileAt(path: string): Promise<Entry | null> {
  const content = await readFile(path, 'utf8').catch(() => null)
  if (content === null) return null
  let value: unknown
  try {
    value = load(content)
  } catch (cause) {
    throw new KubeconfigError('NotYaml', path, { cause })
  }
  if (!isJson(value)) throw new KubeconfigError('NotYaml', path)
  return { value, folder: dirname(resolve(path)) }
}

function entryIn(files: readonly Entry[], list: string, field: string, name: string): Entry | null {
  for (const { value, folder } of files) {
    const found = items(value, list).find((one) => text(one, 'name') === name)
    if (found) return { value: json(found, field), folder }
  }
  return null
}

/** Its scheme and what stands before the path, the query and behind a login. */
const withoutLogin = (address: string): string =>
  (/^([a-z][a-z0-9+.-]*:\/\/)?(?:.*@)?([^/?#@]*)/i.exec(address) ?? []).slice(1, 3).join('')

function serverOf(address: string, userName: string): URL {
  // An address that cannot be parsed may hold a password, too.
  if (!URL.canParse(address)) throw new KubeconfigError('BadServer', withoutLogin(address))
  const url = new URL(address)
  // Such a login would be sent beside the token.
  if (url.username !== '' || url.password !== '')
    throw new KubeconfigError('Password', userName === '' ? url.host : userName)
  // A token over plain HTTP would be read on the way.
  if (url.protocol !== 'https:') throw new KubeconfigError('BadServer', `${url.protocol}//${url.host}`)
  return url
}

/** Credentials that come from a command or a plugin: nothing is run on this machine because a file says so. */
function refuseOtherLogins(user: Json, name: string): void {
  if (isJson(user.exec)) throw new KubeconfigError('ExecPlugin', text(user, 'exec', 'command') ?? '-')
  if (isJson(user['auth-provider']))
    throw new KubeconfigError('AuthProvider', text(user, 'auth-provider', 'name') ?? '-')
  if (text(user, 'password') !== null) throw new KubeconfigError('Password', name)
  // Without it the cluster would be read with the rights of somebody else.
  if (text(user, 'as') !== null) throw new KubeconfigError('Impersonation', text(user, 'as') ?? name)
}

async function tokenOf(user: Entry | null): Promise<string | null> {
  const path = text(user?.value, 'tokenFile')
  // As in client-go, the file wins: it is renewed.
  if (user && path !== null) return (await fileIn(user, path)).toString('utf8').trim()
  return text(user?.value, 'token')
}

async function tlsOf(cluster: Entry, user: Entry | null): Promise<ClusterAccess['tls']> {
  const ca = await dataIn(cluster, 'certificate-authority')
  const cert = user && (await dataIn(user, 'client-certificate'))
  const key = user && (await dataIn(user, 'client-key'))
  const own = { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}) }
  try {
    createSecureContext(own)
  } catch (cause) {
    throw new KubeconfigError('BadKey', ca && !cert ? 'certificate-authority' : 'client-certificate', {
      cause,
    })
  }
  const servername = text(cluster.value, 'tls-server-name')
  return {
    ...own,
    ...(servername === null ? {} : { servername }),
    ...(flag(cluster.value, 'insecure-skip-tls-verify') === true ? { rejectUnauthorized: false } : {}),
  }
}

/** The data in the kubeconfig itself, else the file that it names. */
async function dataIn(entry: Entry, field: string): Promise<Buffer | null> {
  const data = text(entry.value, `${field}-data`)
  if (data !== null) return Buffer.from(data, 'base64')
  const path = text(entry.value, field)
  return path === null ? null : fileIn(entry, path)
}

const fileIn = (entry: Entry, path: string): Promise<Buffer> =>
  readFile(resolve(entry.folder, path)).catch((cause: unknown) => {
    throw new KubeconfigError('BadFile', path, { cause })
  })
