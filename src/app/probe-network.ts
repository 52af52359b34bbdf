import type { CloudSession } from '../cloud/index.ts'
import { isIpv6 } from '../model/ip.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { evaluatePaths, nextHopOf } from '../path/index.ts'
import { type Detection, readDetections } from '../snapshot/guests.ts'

// Sends packets from the SNAT IPs' subnets to Dead backends behind CCN or Direct Connect. Only if somebody asks for it.

/** One of many addresses stands for the others. */
const MOST_ADDRESSES = 20
const MOST_SUBNETS = 2

/** The snapshot's detections. Left out if there is nothing to send to. */
export async function probeNetwork(
  snapshot: Snapshot,
  cloud: CloudSession,
): Promise<Pick<Snapshot, 'detections'>> {
  const { balancer, pools } = evaluatePaths(snapshot)
  const vpcId = balancer?.vpcId ?? null
  if (!balancer || vpcId === null) return {}
  const dead = pools
    .flatMap(({ targets }) => targets)
    .filter(
      ({ status, type, ip, location }) =>
        status === 'Dead' &&
        type === 'CCN' &&
        !isIpv6(ip) &&
        !location.isResolved &&
        location.why.code === 'outside-vpc',
    )
  const ips = [...new Set(dead.map(({ ip }) => ip))].slice(0, MOST_ADDRESSES)
  const subnets = [...new Set(balancer.snatIps.flatMap(({ subnetId }) => subnetId ?? []))].slice(
    0,
    MOST_SUBNETS,
  )
  const asked = subnets.flatMap((subnetId) =>
    ips.flatMap((ip): readonly Detection[] => {
      const via = nextHopOf(snapshot, vpcId, subnetId, ip)
      return via ? [{ ip, vpcId, subnetId, via }] : []
    }),
  )
  if (asked.length === 0) return {}
  const where = { region: snapshot.region, wave: cloud.cost.waves + 1 }
  return { detections: await readDetections(cloud, asked, where) }
}
