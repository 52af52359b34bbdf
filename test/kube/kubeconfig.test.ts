import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { KubeconfigError, readKubeconfig } from '../../src/kube/kubeconfig.ts'

const folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What is wrong with a kubeconfig of this server. */
async function problemOf(cluster: object): Promise<string> {
  const path = join(folder, 'config')
  const config = {
    'current-context': 'shop',
    contexts: [{ name: 'shop', context: { cluster: 'c', user: 'reader' } }],
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'reader', user: { token: 'never-shown' } }],
  }
  writeFileSync(path, JSON.stringify(config))
  const error = await readKubeconfig(path).catch((reason: unknown) => reason)
  if (!(error instanceof KubeconfigError)) throw new Error('it is well')
  return `${error.problem} ${error.detail} ${error.message}`
}

describe('the server of a kubeconfig', () => {
  it.each([
    ['https://admin:never-shown@10.0.0.2:6443', 'Password reader'],
    ['https://never-shown@10.0.0.2:6443', 'Password reader'],
    ['http://admin:never-shown@10.0.0.2', 'Password reader'],
    ['https://admin:never-shown@10.0.0.2:port/', 'BadServer https://10.0.0.2:port'],
    ['https://admin:never/shown@10.0.0.2:port/', 'BadServer https://10.0.0.2:port'],
    ['admin:never-shown@10.0.0.2', 'BadServer'],
    ['10.0.0.2?token=never-shown', 'BadServer 10.0.0.2'],
    ['http://10.0.0.2/?token=never-shown', 'BadServer http://10.0.0.2'],
  ])('is named without the login that stands in %s', async (server, expected) => {
    const problem = await problemOf({ server })
    expect(problem).toContain(expected)
    expect(problem).not.toMatch(/never|shown/)
  })
})

describe('the proxy of a kubeconfig', () => {
  it.each(['socks5://user:never-shown@10.0.0.9:1080', 'http://['])(
    'is not passed by without a word if it is %s',
    async (proxy) => {
      const problem = await problemOf({ server: 'https://10.0.0.2', 'proxy-url': proxy })
      expect(problem).toContain('BadProxy')
      expect(problem).not.toContain('never-shown')
    },
  )
})
