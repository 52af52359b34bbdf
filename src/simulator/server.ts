import http from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, ApiError, type Request } from './api.ts'
import * as clb from './clb.ts'
import * as cvm from './cvm.ts'
import { createFaults, type Fault, type Faults } from './faults.ts'
import { hostOf, verify } from './tc3.ts'
import * as vpc from './vpc.ts'
import type { World } from './world.ts'

export interface Call {
  /** `service:Action`. */
  readonly action: string
  readonly region: string | null
  readonly at: number
  /** One more than the deepest call that had been answered when this one came. */
  readonly wave: number
  /** The error that was answered; null for a good answer. */
  readonly code: string | null
}

export interface Calls {
  total(): number
  count(action: string): number
  waves(): number
  log(): readonly Call[]
  reset(): void
}

export interface Simulator {
  readonly origin: string
  readonly credentials: { readonly secretId: string; readonly secretKey: string }
  readonly calls: Calls
  readonly faults: Pick<Faults, 'set' | 'clear'>
  close(): Promise<void>
}

export interface SimulatorOptions {
  readonly port?: number
  readonly latencyMs?: number
  readonly now?: () => number
  readonly requestsPerSecond?: number
}

const CREDENTIALS = {
  secretId: 'AKIDsimulated0000000000000000000000',
  secretKey: 'simulated-secret-key',
} as const

type Handler = (world: World, request: Request) => Answer

const ACTIONS: Readonly<Record<string, Handler>> = {
  'clb:DescribeLoadBalancers': clb.describeLoadBalancers,
  'clb:DescribeListeners': clb.describeListeners,
  'clb:DescribeTargets': clb.describeTargets,
  'clb:DescribeTargetHealth': clb.describeTargetHealth,
  'clb:DescribeTargetGroups': clb.describeTargetGroups,
  'clb:DescribeTargetGroupInstances': clb.describeTargetGroupInstances,
  'cvm:DescribeInstances': cvm.describeInstances,
  'vpc:DescribeNetworkInterfaces': vpc.describeNetworkInterfaces,
  'vpc:DescribeSubnets': vpc.describeSubnets,
  'vpc:DescribeNetworkAcls': vpc.describeNetworkAcls,
  'vpc:DescribeNetworkAclQuintupleEntries': vpc.describeNetworkAclQuintupleEntries,
  'vpc:DescribeSecurityGroupPolicies': vpc.describeSecurityGroupPolicies,
  'vpc:DescribeAddressTemplates': vpc.describeAddressTemplates,
  'vpc:DescribeAddressTemplateGroups': vpc.describeAddressTemplateGroups,
  'vpc:DescribeServiceTemplates': vpc.describeServiceTemplates,
  'vpc:DescribeServiceTemplateGroups': vpc.describeServiceTemplateGroups,
}

const VERSIONS: Readonly<Record<string, string>> = { clb: '2018-03-17', cvm: '2017-03-12', vpc: '2017-03-12' }
const REGIONS = new Set(['ap-guangzhou', 'ap-shanghai', 'ap-beijing', 'ap-hongkong', 'ap-singapore'])

/** API 3.0 over one world, on a loopback port: signed requests in, documented answers out. */
export async function startSimulator(world: World, options: SimulatorOptions = {}): Promise<Simulator> {
  const now = options.now ?? Date.now
  const perSecond = options.requestsPerSecond ?? 20
  const faults = createFaults()
  let log: Call[] = []
  let answered: number[] = []
  let requests = 0

  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      void handle(req, res, Buffer.concat(chunks).toString('utf8'))
    })
  })

  async function handle(req: http.IncomingMessage, res: http.ServerResponse, body: string): Promise<void> {
    const headers = req.headers as Record<string, string | undefined>
    const action = `${hostOf(headers).split('.')[0]}:${headers['x-tc-action'] ?? ''}`
    const region = headers['x-tc-region'] ?? null
    const wave = 1 + Math.max(0, ...answered)
    const at = now()
    const recent = log.filter((call) => call.action === action && at - call.at < 1000).length
    const entry = { action, region, at, wave, code: null as string | null }
    log.push(entry)
    if (options.latencyMs) await delay(options.latencyMs)
    const fault = faults.take(action)
    if (fault?.kind === 'slow') await delay(fault.ms)
    if (fault && fault.kind !== 'slow' && fault.kind !== 'error') {
      entry.code = fault.kind
      answered.push(wave)
      return misbehave(fault, res)
    }
    let answer: Answer
    try {
      if (req.method !== 'POST') throw new ApiError('UnsupportedProtocol', 'only POST is simulated')
      const bad = verify({ headers, body }, CREDENTIALS, now())
      if (bad) throw new ApiError(bad.code, bad.message)
      if (fault?.kind === 'error') throw new ApiError(fault.code, fault.message ?? 'told to fail')
      if (recent >= perSecond)
        throw new ApiError('RequestLimitExceeded', `more than ${perSecond} requests a second for ${action}`)
      answer = respond(action, region, headers['x-tc-version'], body)
    } catch (error) {
      const known = error instanceof ApiError ? error : new ApiError('InternalError', String(error))
      entry.code = known.code
      answer = { Error: { Code: known.code, Message: known.message } }
    }
    answered.push(wave)
    requests += 1
    res.writeHead(200, { 'content-type': 'application/json' })
    res.end(
      JSON.stringify({
        Response: { ...answer, RequestId: `00000000-0000-4000-8000-${String(requests).padStart(12, '0')}` },
      }),
    )
  }

  function respond(action: string, region: string | null, version: string | undefined, body: string): Answer {
    const handler = ACTIONS[action]
    const [service = ''] = action.split(':')
    if (!VERSIONS[service]) throw new ApiError('InvalidParameter', `no such service: ${service}`)
    if (version !== VERSIONS[service])
      throw new ApiError('NoSuchVersion', `no version ${version} of ${service}`)
    if (!handler) throw new ApiError('InvalidAction', `no action ${action}`)
    if (region === null) throw new ApiError('MissingParameter', 'X-TC-Region is required')
    if (!REGIONS.has(region)) throw new ApiError('UnsupportedRegion', `no region ${region}`)
    let request: unknown
    try {
      request = JSON.parse(body)
    } catch {
      throw new ApiError('InvalidParameter', 'the body is not JSON')
    }
    if (typeof request !== 'object' || request === null)
      throw new ApiError('InvalidParameter', 'the body is no object')
    return handler(region === world.region ? world : elsewhere(world, region), request as Request)
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    origin: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
    faults,
    calls: {
      total: () => log.length,
      count: (action) => log.filter((call) => call.action === action).length,
      waves: () => Math.max(0, ...log.map(({ wave }) => wave)),
      log: () => log,
      reset() {
        log = []
        answered = []
      },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Another region of the same account: nothing is there. */
const elsewhere = (world: World, region: string): World => ({
  ...world,
  region,
  vpcs: [],
  subnets: [],
  acls: [],
  groups: [],
  machines: [],
  interfaces: [],
  targetGroups: [],
  balancers: [],
})

function misbehave(fault: Exclude<Fault, { kind: 'slow' | 'error' }>, res: http.ServerResponse): void {
  switch (fault.kind) {
    case 'http':
      res.writeHead(fault.status, { 'content-type': 'text/html' })
      res.end('<html>upstream</html>')
      return
    case 'reset':
      res.socket?.resetAndDestroy()
      return
    case 'garbage':
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end('<html>not json</html>')
      return
    case 'truncated':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' })
      res.write('{"Response":{"TotalCount":1,"Load')
      setImmediate(() => res.socket?.destroy())
      return
  }
}
