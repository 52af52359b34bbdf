import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clients, type Diagnosis, isReason, type Pool } from '../../src/model/diagnosis.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { shop } from '../../src/simulator/base.ts'
import { aclLetsIn, aclLetsReplyOut, groupsLetIn, type Packet } from '../../src/simulator/gates.ts'
import { homeOf } from '../../src/simulator/packets.ts'
import { subnetById } from '../../src/simulator/seen.ts'
import type { Backend, Balancer, World } from '../../src/simulator/world.ts'
import { openCloud, type SimulatedCloud } from '../support/simulated.ts'
import { ALARM, caseOfFault } from './cases.ts'
import type { Fault } from './catalogue/fault.ts'
import { CATALOGUE } from './catalogue/index.ts'
import { CASE } from './healthy.ts'
import { REASONS } from './report.ts'

// What a message says of the clients, for every reason of the catalogue: at layer 4 the simulated packets of some clients
// decide; at layer 7 nothing is known, and nothing may be claimed.

let cloud: SimulatedCloud
beforeAll(async () => {
  cloud = await openCloud(shop().world, { over: 'memory' })
})
afterAll(() => cloud.close())

const CLAIM =
  /client traffic is (?:not )?(?:blocked|let in)|does not affect client traffic|业务流量(?:没有被|同样被|被拦截|不受|只放行)/
const SETTLES = /send some requests from a client|从客户端多请求几次/

/** Addresses of clients all over the world. */
const CLIENTS = ['8.8.8.8', '1.2.4.8', '45.113.20.9', '114.114.114.114', '180.76.76.76', '220.181.38.148']

const isLayer7 = ({ protocol }: Pool): boolean => /^(?:HTTPS?|GRPC)$/.test(protocol)

/** Does a packet of this client pass the groups and the ACL of the backend, both ways? */
function passes(world: World, balancer: Balancer, backend: Backend, packet: Packet): boolean | null {
  const home = homeOf(world, balancer, backend)
  if (!home) return null
  const subnet = subnetById(home.regionWorld, home.subnetId)
  const acl = home.regionWorld.acls.find(({ id }) => id === subnet?.aclId)
  const isIn = acl === undefined || aclLetsIn(acl, packet)
  const isOut = acl === undefined || aclLetsReplyOut(world, acl, packet)
  const isLet = home.groupless || balancer.passToTarget || groupsLetIn(home.regionWorld, home.groups, packet)
  return isIn && isLet && isOut
}

/** What the packets of some clients say about a pool. Null if they cannot be followed. */
function seen(world: World, { listenerId, targets, protocol }: Pool): readonly boolean[] | null {
  const balancer = world.balancers.find(({ id }) => id === CASE)
  const rule = balancer?.listeners.find(({ id }) => id === listenerId)?.rules[0]
  if (!balancer || !rule || balancer.type !== 'OPEN' || balancer.ipv6 || balancer.classic) return null
  const members = world.targetGroups.find(({ id }) => id === rule.targetGroupId)?.members ?? rule.backends
  const all = targets
    .filter(({ weight }) => weight !== 0)
    .flatMap(({ ip, port }) => {
      const backend = members.find((one) => one.ip === ip && one.port === port)
      return CLIENTS.map((source) =>
        backend
          ? passes(world, balancer, backend, {
              source,
              sourcePort: 40_123,
              target: ip,
              protocol: protocol === 'UDP' ? 'udp' : 'tcp',
              port,
            })
          : null,
      )
    })
  return all.includes(null) || all.length === 0 ? null : all.map((one) => one === true)
}

/** What the summary says before the cause. */
function impactOf(diagnosis: Diagnosis): string {
  const { summary } = diagnosisReport(diagnosis)
  const cause = summary.findIndex(({ topic }) => topic === 'cause')
  return JSON.stringify(summary.slice(0, cause < 0 ? undefined : cause))
}

/** What is wrong with what a report says of the clients, one line each. */
function faultsIn(diagnosis: Diagnosis, world: World): readonly string[] {
  const said = impactOf(diagnosis)
  const lines: string[] = []
  const asked = diagnosis.pools.filter(({ clients }) => clients !== undefined)
  const known = asked.filter(({ clients }) => clients?.verdict !== 'unknown')
  if (CLAIM.test(said) && known.length === 0) lines.push(`claimed: ${said}`)
  for (const pool of asked) {
    const { verdict, detail = '' } = pool.clients as Clients
    const name = `${pool.listenerId} ${pool.protocol} ${verdict}`
    if (isLayer7(pool) && verdict !== 'unknown') lines.push(`${name}: layer 7 is not known`)
    if (verdict === 'unknown' && (!/[（(].+[）)]/.test(detail) || !SETTLES.test(detail)))
      lines.push(`${name}: no reason or nothing that settles it: ${detail}`)
    const packets = isLayer7(pool) ? null : seen(world, pool)
    if (packets && verdict === 'block' && packets.includes(true)) lines.push(`${name}: a client gets through`)
    if (packets && verdict === 'pass' && packets.includes(false)) lines.push(`${name}: a client is blocked`)
    lines.push(...onlyProbes(diagnosis, pool), ...silent(pool, said))
  }
  return lines
}

const SHUT = /requests fail|请求会失败/
/** The machines are gone, the listener is stopped, or the whole CLB does not serve: then nobody asks about rules. */
const NOBODY =
  /serves? no|fails?\b|not serve|no request|does not reach|restricted|得不到服务|不提供服务|停止|失败|不可达|封堵/

/** What is known at layer 4 stands in the impact, unless that says already that nobody is served. */
function silent({ clients }: Pool, said: string): readonly string[] {
  const { verdict, detail = '' } = clients ?? {}
  if (verdict === undefined || verdict === 'unknown' || said.includes(detail) || SHUT.test(said)) return []
  return NOBODY.test(said) ? [] : [`known and not said (${verdict}: ${detail}): ${said}`]
}

const ONLY_PROBES = /only the health check is blocked|只是健康检查被拦截/
const FILTERS = /^(?:security-group|network-acl)\//

/** No report claims that only the health check is blocked where a backend is also down for another reason. */
function onlyProbes({ findings }: Diagnosis, { clients, targets }: Pool): readonly string[] {
  if (!ONLY_PROBES.test(clients?.detail ?? '')) return []
  const others = findings.filter(
    (one) => isReason(one) && one.certainty !== 'possible' && !FILTERS.test(one.code),
  )
  const isAlsoDown = targets.some(
    ({ key, status }) => status === 'Dead' && others.some(({ explains }) => explains.includes(key)),
  )
  return isAlsoDown ? [`only the probes are said to be blocked beside ${others.map(({ code }) => code)}`] : []
}

const counted = { known: 0, layer7: 0 }

/** CLBs of random shape for each fault. */
const EACH = 3
const faultOf = (code: string): Fault | undefined => CATALOGUE.find((one) => one.code === code)

describe('what a message says of the clients', () => {
  it.each(REASONS)('is what is known of them: %s', async (code) => {
    const fault = faultOf(code)
    if (!fault) throw new Error(`no fault for ${code}`)
    for (let seed = 0; seed < EACH; seed++) {
      const { site, apiFaults } = caseOfFault(fault, seed)
      for (const language of LANGUAGES) {
        const asked = { clb: CASE, alarm: ALARM, faults: apiFaults, language }
        const { diagnosis } = await cloud.diagnose(site.world, asked)
        expect(faultsIn(diagnosis, site.world), `seed ${seed}, ${language}`).toEqual([])
        for (const pool of diagnosis.pools) {
          if (pool.clients && isLayer7(pool)) counted.layer7 += 1
          if (pool.clients && pool.clients.verdict !== 'unknown') counted.known += 1
        }
      }
    }
  })

  it('was asked at both layers', () => {
    expect(counted.layer7).toBeGreaterThan(20)
    expect(counted.known).toBeGreaterThan(20)
  })
})
