import { VPC } from '../../../src/simulator/base.ts'
import type { World } from '../../../src/simulator/world.ts'
import { CASE } from '../healthy.ts'
import {
  type Fault,
  frontOf,
  type Injection,
  isRemote,
  isService,
  pickOr,
  poolId,
  poolsOf,
  type Site,
  type Target,
} from './fault.ts'

// Routes from the SNAT IPs to backends behind CCN, and return routes.

const TABLE = 'rtb-l2h8d7c2'
const CCN = 'ccn-shop0001'
const CIDRS = { remote: '172.20.0.0/16', far: '10.8.0.0/16' } as const

const overCcn = ({ targets }: Site): readonly Target[] =>
  targets.filter((one) => one.backend.type === 'CCN' && !isService(one))

/** Nearly every real subnet has this default route. It leads to the Internet, where no private address is reachable. */
const EXIT = {
  id: 'rti-exit0001',
  cidr: '0.0.0.0/0',
  gatewayType: 'NAT',
  gatewayId: 'nat-shop0001',
  enabled: true,
} as const

/** All of these change the same path, so a case never has two of them. */
const pathFault = (code: string, resource: string, what: string, apply: Injection['apply']): Injection => ({
  code,
  kind: 'path',
  what,
  subject: 'path',
  resources: [resource],
  ceiling: 'likely',
  apply,
})

interface Routed {
  routes: { cidr: string; enabled: boolean }[]
}

/** Disables the route to a CIDR, or removes it. */
function unroute(things: readonly Routed[], cidr: string, isOff: boolean): void {
  for (const thing of things) {
    if (!isOff) thing.routes = thing.routes.filter((route) => route.cidr !== cidr)
    for (const route of thing.routes) if (route.cidr === cidr) route.enabled = false
  }
}

const tables = (world: World) => world.routeTables.filter(({ id }) => id === TABLE)

const noSnatIp: Fault = {
  code: 'snat/no-snat-ip',
  inject(_, { targets }) {
    // The documents do not say how a VPC of the account is reached without SNAT IPs.
    const isExplained = (target: Target): boolean => isRemote(target) || isService(target)
    const explained = targets.filter(isExplained)
    if (explained.length === 0) return null
    return {
      ...pathFault('snat/no-snat-ip', CASE, 'the SNAT IPs were removed', (world) => {
        frontOf(world).snatIps = []
      }),
      ceiling: explained.every(isRemote) ? 'likely' : 'possible',
      explains: isExplained,
    }
  },
}

const idcFirewall: Fault = {
  code: 'snat/confirm-idc-firewall',
  inject(random, site) {
    const pool = pickOr(
      random,
      poolsOf(site).filter(({ targets }) => targets.some(isRemote)),
    )
    if (!pool) return null
    const shut = random
      .some(pool.targets, 1 + random.below(pool.targets.length))
      .map(({ backend }) => backend.ip)
    return {
      code: 'snat/confirm-idc-firewall',
      kind: 'suspect',
      what: `the firewall before ${shut} does not know the SNAT IPs`,
      subject: pool.rule.id,
      resources: [poolId(pool.listener, pool.rule)],
      apply(world) {
        for (const { ip, guest } of world.remotes) if (shut.includes(ip)) guest.drops = ['10.0.9.0/24']
      },
    }
  },
}

const notAttached: Fault = {
  code: 'snat/ccn-not-attached',
  inject(random, site) {
    if (overCcn(site).length === 0) return null
    const isPending = random.chance(0.4)
    const hasExit = !isPending && random.chance(0.5)
    const what = isPending ? 'the attachment of the VPC is pending' : 'the VPC was detached from the CCN'
    return pathFault('snat/ccn-not-attached', VPC, what, (world) => {
      for (const ccn of world.ccns) {
        if (!isPending) ccn.attached = ccn.attached.filter(({ id }) => id !== VPC)
        for (const one of ccn.attached) if (one.id === VPC) one.state = 'PENDING'
      }
      // The system removes its CCN routes from the tables. A default route to the Internet stays.
      if (!isPending) for (const table of tables(world)) table.routes = hasExit ? [EXIT] : []
    })
  },
}

const routeMissing: Fault = {
  code: 'snat/ccn-route-missing',
  inject(random, site) {
    const target = pickOr(random, overCcn(site))
    if (!target) return null
    const cidr = CIDRS[isRemote(target) ? 'remote' : 'far']
    const [isInTable, isOff] = [random.chance(0.5), random.chance(0.5)]
    const at = isInTable ? TABLE : CCN
    const what = `${at}: the route to ${cidr} is ${isOff ? 'disabled' : 'gone'}`
    return pathFault('snat/ccn-route-missing', at, what, (world) =>
      unroute(isInTable ? tables(world) : world.ccns, cidr, isOff),
    )
  },
}

const returnMissing: Fault = {
  code: 'snat/return-route-missing',
  inject(random, site) {
    const own = overCcn(site)
    if (own.length === 0) return null
    const isOff = random.chance(0.5)
    const isFar = own.some(({ home }) => home !== null) && random.chance(0.6)
    const at = isFar ? 'rtb-far00001' : CCN
    const what = `${at}: the return route is ${isOff ? 'disabled' : 'gone'}`
    return pathFault('snat/return-route-missing', at, what, (world) => {
      const farTables = Object.values(world.others).flatMap(({ routeTables }) => routeTables)
      for (const { routes } of farTables) routes.push({ ...EXIT })
      unroute(isFar ? farTables : world.ccns, '10.0.0.0/16', isOff)
    })
  },
}

export const behindCcnFaults: readonly Fault[] = [
  noSnatIp,
  idcFirewall,
  notAttached,
  routeMissing,
  returnMissing,
]
