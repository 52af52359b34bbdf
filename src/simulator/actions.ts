import { type Answer, ApiError, type Request } from './api.ts'
import * as audit from './audit.ts'
import * as ccn from './ccn.ts'
import * as classic from './classic.ts'
import * as clb from './clb.ts'
import * as cvm from './cvm.ts'
import * as detect from './detect.ts'
import * as functions from './functions.ts'
import * as groups from './groups.ts'
import * as history from './history.ts'
import * as owners from './owners.ts'
import { checkParameters, type SimulatedActions } from './parameters.ts'
import * as regions from './regions.ts'
import * as targetGroups from './target-groups.ts'
import * as tat from './tat.ts'
import * as vpc from './vpc.ts'
import type { World } from './world.ts'

// Each file answers the actions of its resources and declares their parameters.
export const SIMULATED_ACTIONS: SimulatedActions = {
  ...clb.actions,
  ...classic.actions,
  ...targetGroups.actions,
  ...regions.actions,
  ...cvm.actions,
  ...vpc.actions,
  ...groups.actions,
  ...owners.actions,
  ...ccn.actions,
  ...audit.actions,
  ...history.actions,
  ...functions.actions,
  ...tat.actions,
  ...detect.actions,
}

const VERSIONS: Readonly<Record<string, string>> = {
  cdb: '2017-03-20',
  ckafka: '2019-08-19',
  clb: '2018-03-17',
  cloudaudit: '2019-03-19',
  cls: '2020-10-16',
  cvm: '2017-03-12',
  mongodb: '2019-07-25',
  monitor: '2018-07-24',
  postgres: '2017-03-12',
  redis: '2018-04-12',
  region: '2022-06-27',
  scf: '2018-04-16',
  tat: '2020-10-28',
  tke: '2018-05-25',
  vpc: '2017-03-12',
}

export interface Question {
  readonly action: string
  readonly region: string | null
  readonly version: string | undefined
  readonly body: string
}

/**
 * Answers one call. Returns the content of `Response` without RequestId.
 * @throws ApiError for everything that the API would refuse
 */
export function respond(world: World, { action, region, version, body }: Question): Answer {
  const [service = ''] = action.split(':')
  const expected = VERSIONS[service]
  if (!expected) throw new ApiError('InvalidParameter', `no such service: ${service}`)
  if (version !== expected) throw new ApiError('NoSuchVersion', `no version ${version} of ${service}`)
  const simulated = SIMULATED_ACTIONS[action]
  if (!simulated) throw new ApiError('InvalidAction', `no action ${action}`)
  if (region === null) throw new ApiError('MissingParameter', 'X-TC-Region is required')
  if (!regions.REGIONS.includes(region)) throw new ApiError('UnsupportedRegion', `no region ${region}`)
  const request = parse(body)
  checkParameters(action, simulated, request)
  return simulated.answer(region === world.region ? world : elsewhere(world, region), request)
}

/** Numbers of 16 or more digits. They become bigints, because `JSON.parse` would round them. */
const LONG = /([:[,]\s*)(\d{16,})(?=\s*[,}\]])/g
const asBigInt = (_: string, value: unknown): unknown =>
  typeof value === 'string' && value.startsWith('\u0000') ? BigInt(value.slice(1)) : value

function parse(body: string): Request {
  let request: unknown
  try {
    request = JSON.parse(body.replace(LONG, '$1"\\u0000$2"'), asBigInt)
  } catch (cause) {
    throw new ApiError('InvalidParameter', 'the body is not JSON', { cause })
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new ApiError('InvalidParameter', 'the body is not an object')
  return request as Request
}

/** Another region of the same account. It holds only what `world.others` lists for it. */
const elsewhere = (world: World, region: string): World => ({
  ...world,
  vpcs: [],
  subnets: [],
  acls: [],
  groups: [],
  addressTemplates: {},
  addressGroups: {},
  serviceTemplates: {},
  serviceGroups: {},
  machines: [],
  interfaces: [],
  remotes: [],
  services: [],
  pods: [],
  clusters: [],
  routeTables: [],
  targetGroups: [],
  balancers: [],
  audit: [],
  healthLogs: {},
  ...(world.tat ? { tat: { ...world.tat, commands: [] } } : {}),
  ...world.others[region],
  region,
})
