import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findScenario, startScenario } from '../../src/simulator/index.ts'
import { type ConnectProxy, listen, startProxy } from '../net/connect-proxy.ts'

// The deployed function runs in its own process, because Node reads NODE_EXTRA_CA_CERTS only at start. A proxy sends the
// real host names of the API to a TLS server of the test, which forwards the requests to the simulated cloud.
const handler = new URL('../../dist/handler.js', import.meta.url).pathname
const PASSWORD = 'pr0xy-pass'
const scenario = findScenario('sg-blocks-vip')
if (!scenario) throw new Error('no scenario')

let folder: string
let cloud: Awaited<ReturnType<typeof startScenario>>
/** Its certificate names `*.tencentcloudapi.com`, `hooks.example.com` and `localhost`, and no IP address. */
let server: https.Server
let port: number
/** A receiver on plain HTTP and loopback, so no proxy is used for it. */
let witness: http.Server
let witnessPort: number
let taken: { readonly path: string; readonly body: string }[] = []

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proxies-'))
  const names = ['*.tencentcloudapi.com', 'hooks.example.com', 'localhost']
  const pems = await generate([{ name: 'commonName', value: 'clb-doctor test' }], {
    keySize: 2048,
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  })
  writeFileSync(join(folder, 'ca.pem'), pems.cert)
  cloud = await startScenario(scenario)
  const receive: http.RequestListener = async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    taken.push({ path: request.url ?? '', body: Buffer.concat(parts).toString() })
    response.end('{"errcode":0}')
  }
  server = https.createServer({ key: pems.private, cert: pems.cert }, (request, response) => {
    if (request.url !== '/') return void receive(request, response)
    const { method, headers } = request
    const onward = http.request(cloud.origin, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers)
      answer.pipe(response)
    })
    request.pipe(onward)
  })
  server.on('tlsClientError', () => undefined)
  port = await listen(server)
  witness = http.createServer(receive)
  witnessPort = await listen(witness)
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  witness.close()
  await cloud.close()
  rmSync(folder, { recursive: true })
})

interface Handled {
  readonly verdict: string
  readonly outcomes: readonly string[]
  /** Everything that the process wrote and its receivers got. */
  readonly text: string
}

/** Handles one alarm in a process with these environment variables. */
async function handle(env: Readonly<Record<string, string>>): Promise<Handled> {
  taken = []
  const code = `require(${JSON.stringify(handler)}).main_handler(${JSON.stringify(scenario?.alarm())}, { time_limit_in_ms: 6000 })
    .then((answer) => console.log(JSON.stringify(answer)), () => {}).then(() => process.exit())`
  const child = spawn(process.execPath, ['-e', code], {
    env: {
      PATH: process.env.PATH,
      TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
      TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
      TENCENTCLOUD_REGION: 'ap-guangzhou',
      CLB_DOCTOR_LANG: 'en',
      ...env,
    },
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
  })
  await new Promise((resolve) => child.once('close', resolve))
  const text = `${out}\n${err}\n${taken.map(({ body }) => body).join('\n')}`
  const lines = err.split('\n').flatMap((one) => (one.startsWith('{') ? [JSON.parse(one)] : []))
  const verdict: string = lines.find(({ message }) => message === 'alarm handled')?.verdict ?? ''
  const place = (name: string): number => Number(/\d+$/.exec(name)?.[0])
  const outcomes: string[] = lines
    .filter(({ message }) => /^message (not )?delivered/.test(message))
    // A receiver that refuses for good is named to the other, which is one more message.
    .filter(({ receiver }, i, all) => all.findIndex((one) => one.receiver === receiver) === i)
    .toSorted((a, b) => place(a.receiver) - place(b.receiver))
    .map(({ outcome }) => outcome)
  return { verdict, outcomes, text }
}

const trusted = () => ({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') })
const addressOf = (proxy: ConnectProxy): string => `http://clb-doctor:${PASSWORD}@127.0.0.1:${proxy.port}`
const isApi = (target: string): boolean => target.endsWith('.tencentcloudapi.com:443')
const proxyToServer = () => startProxy(() => ({ port }))
const remoteHook = 'webhook+https://hooks.example.com/hook'
const localHook = () => `wecom+https://localhost:${port}/hook?key=k1`
/** A receiver over https at loopback has to be allowed by name. */
function allowed(...urls: readonly string[]): Readonly<Record<string, string>> {
  const file = join(folder, 'clb-doctor.json')
  const receivers = urls.map((_, i) => [`hook-${i + 1}`, { url: `env:HOOK_${i + 1}`, allowPrivate: true }])
  writeFileSync(file, JSON.stringify({ receivers: Object.fromEntries(receivers) }))
  const variables = urls.map((url, i) => [`HOOK_${i + 1}`, url])
  return { CLB_DOCTOR_CONFIG: file, ...Object.fromEntries(variables) }
}
const loopbackHook = () => `webhook+http://127.0.0.1:${witnessPort}/hook`

describe('a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy'])(
    'of %s carries the calls to the API and to the receivers',
    async (name) => {
      await using proxy = await proxyToServer()
      const handled = await handle({
        ...trusted(),
        [name]: addressOf(proxy),
        CLB_DOCTOR_SINKS: `${remoteHook} ${loopbackHook()}`,
      })
      expect([handled.verdict, handled.outcomes]).toEqual(['degraded', ['delivered', 'delivered']])
      expect(proxy.targets).toContain('clb.tencentcloudapi.com:443')
      expect(proxy.targets).toContain('vpc.tencentcloudapi.com:443')
      expect(proxy.targets.filter((target) => !isApi(target))).toEqual(['hooks.example.com:443'])
      expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${btoa(`clb-doctor:${PASSWORD}`)}`]))
      expect(handled.text).not.toContain(PASSWORD)
    },
  )

  it.each(['NO_PROXY', 'no_proxy'])('is not used for the hosts of %s', async (name) => {
    await using proxy = await proxyToServer()
    const env = { ...trusted(), HTTPS_PROXY: addressOf(proxy), ...allowed(localHook()) }
    expect((await handle({ ...env, [name]: 'localhost' })).outcomes).toEqual(['delivered'])
    expect(proxy.targets.filter((target) => !isApi(target))).toEqual([])
    expect((await handle({ ...env, [name]: 'other.example' })).outcomes).toEqual(['delivered'])
    expect(proxy.targets.filter((target) => !isApi(target))).toEqual([`localhost:${port}`])
  })

  it.each([407, 403])('that refuses with %i is named without its password', async (status) => {
    await using proxy = await startProxy(() => ({ status }))
    const handled = await handle({
      HTTPS_PROXY: addressOf(proxy),
      CLB_DOCTOR_SINKS: `${remoteHook} ${loopbackHook()}`,
    })
    const refusal = `the proxy 127.0.0.1:${proxy.port} refused a connection to hooks.example.com:443: HTTP ${status}`
    expect(handled.text).toContain(`"reason":"${refusal}"`)
    expect(handled.text).toContain(`could not be reached or failed (Proxy${status} 127.0.0.1:${proxy.port})`)
    expect([handled.verdict, handled.outcomes]).toEqual(['inconclusive', ['retry', 'delivered']])
    expect(handled.text).not.toContain(PASSWORD)
  })

  it('that does not answer is named without its password', async () => {
    const proxy = await proxyToServer()
    await proxy[Symbol.asyncDispose]()
    const handled = await handle({ HTTPS_PROXY: addressOf(proxy), CLB_DOCTOR_SINKS: loopbackHook() })
    expect(handled.text).toContain(`(ProxyECONNREFUSED 127.0.0.1:${proxy.port})`)
    expect([handled.verdict, handled.outcomes]).toEqual(['inconclusive', ['delivered']])
    expect(handled.text).not.toContain(PASSWORD)
  })
})

describe.each(['direct', 'through a proxy'])('a certificate (%s)', (way) => {
  /** Handles one alarm with the API and a receiver at `host`. */
  async function handleAt(host: string, env: Readonly<Record<string, string>>): Promise<Handled> {
    await using proxy = await proxyToServer()
    const handled = await handle({
      ...env,
      ...(way === 'direct' ? {} : { HTTPS_PROXY: addressOf(proxy) }),
      CLB_DOCTOR_API_ORIGIN: `https://${host}:${port}`,
      ...allowed(`wecom+https://${host}:${port}/hook?key=k1`, loopbackHook()),
    })
    expect(proxy.targets.length > 0).toBe(way !== 'direct')
    return handled
  }

  it('of a CA that NODE_EXTRA_CA_CERTS names is trusted', async () => {
    const { verdict, outcomes } = await handleAt('localhost', trusted())
    expect([verdict, outcomes]).toEqual(['degraded', ['delivered', 'delivered']])
  })

  it.each([
    ['an unknown CA', 'localhost', () => ({}), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['another host', '127.0.0.1', trusted, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('of %s is refused', async (_, host, env, code) => {
    const { verdict, text, outcomes } = await handleAt(host, env())
    expect([verdict, outcomes]).toEqual(['inconclusive', ['retry', 'delivered']])
    expect(text).toContain(`"reason":"TLS: ${code}"`)
    expect(text).toContain('"code":"Tls"')
    expect(new Set(taken.map(({ path }) => path))).toEqual(new Set(['/hook']))
    expect(cloud.calls.refused()).toBe(0)
  })
})
