import { type CallOptions, type CloudSession, readFact } from '../cloud/index.ts'
import { chunksOf } from '../model/chunks.ts'
import { type Fact, mapped } from '../model/fact.ts'
import { groupBy } from '../model/group-by.ts'
import type { ById, NetDetection } from '../model/snapshot.ts'

// Has the VPC send ICMP packets to addresses behind CCN or Direct Connect (platform facts F9).

/** From which subnet, and over which next hop. */
export interface Detection {
  readonly ip: string
  readonly vpcId: string
  readonly subnetId: string
  readonly via: NetDetection['via']
}

/** Of one call. */
const MOST_ADDRESSES = 2

/** What the packets met, by address. */
export async function readDetections(
  cloud: CloudSession,
  asked: readonly Detection[],
  where: CallOptions,
): Promise<ById<readonly NetDetection[]>> {
  const alike = groupBy(asked, ({ vpcId, subnetId, via }) => `${vpcId} ${subnetId} ${via.type} ${via.id}`)
  const calls = [...alike.values()].flatMap((own) => chunksOf(own, MOST_ADDRESSES))
  const found = (await Promise.all(calls.map((own) => detect(cloud, own, where)))).flat()
  return Object.fromEntries(
    [...groupBy(found, ({ ip }) => ip)].map(([ip, own]) => [ip, joined(own.map(({ fact }) => fact))]),
  )
}

async function detect(cloud: CloudSession, asked: readonly Detection[], where: CallOptions) {
  const [first] = asked
  if (!first) return []
  const { vpcId: VpcId, subnetId: SubnetId, via } = first
  const fact = await readFact(
    cloud.call(
      'vpc:CheckNetDetectState',
      {
        DetectDestinationIp: asked.map(({ ip }) => ip),
        VpcId,
        SubnetId,
        NetDetectName: 'clb-doctor',
        NextHopType: via.type,
        NextHopDestination: via.id,
      },
      where,
    ),
  )
  return asked.map(({ ip }) => ({
    ip,
    fact: mapped(fact, ({ NetDetectIpStateSet }): readonly NetDetection[] =>
      (NetDetectIpStateSet ?? [])
        .filter(({ DetectDestinationIp, State }) => DetectDestinationIp === ip && typeof State === 'number')
        .map(({ State, Delay, PacketLossRate }) => ({
          state: State ?? 0,
          delayMs: Delay ?? null,
          lossPercent: PacketLossRate ?? null,
          subnetId: SubnetId,
          via,
        })),
    ),
  }))
}

/** What was read, or the failure if nothing was. */
function joined(facts: readonly Fact<readonly NetDetection[]>[]): Fact<readonly NetDetection[]> {
  const [first, ...others] = facts
  if (!first) throw new Error('no address')
  return others.reduce(
    (all, fact) =>
      fact.state !== 'ok' ? all : all.state !== 'ok' ? fact : mapped(all, (own) => [...own, ...fact.value]),
    first,
  )
}
