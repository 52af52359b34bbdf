import { type CallOptions, type CloudSession, type Kind, type ResponseOf, readAll } from '../cloud/index.ts'
import type { ById, GroupMember, TargetGroup } from '../model/snapshot.ts'
import { readEach, readMany } from './collect.ts'
import { addresses, lower, registeredAt, text, upper } from './fields.ts'
import { groupHealthCheckOf } from './health-check.ts'

type ApiGroup = NonNullable<ResponseOf<'clb:DescribeTargetGroups'>['TargetGroupSet']>[number]
type ApiMember = NonNullable<ResponseOf<'clb:DescribeTargetGroupInstances'>['TargetGroupInstanceSet']>[number]

export const TARGET_GROUPS: Kind = { action: 'clb:DescribeTargetGroups', size: 20, keep: 1_000 }
const MEMBERS: Kind = { action: 'clb:DescribeTargetGroupInstances', size: 1, keep: 100 }

export const readTargetGroups = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<TargetGroup | null>> =>
  readMany(cloud, { kind: TARGET_GROUPS, ids, where }, async (chunk, at) => {
    const request = { TargetGroupIds: [...chunk], Offset: 0, Limit: 100 }
    const page = await readAll(cloud, 'clb:DescribeTargetGroups', request, at, (answer) => ({
      items: answer.TargetGroupSet,
      total: answer.TotalCount,
    }))
    return page.map((api) => [api.TargetGroupId, targetGroup(api)])
  })

const targetGroup = (api: ApiGroup): TargetGroup => ({
  id: api.TargetGroupId,
  name: text(api.TargetGroupName) ?? '',
  vpcId: text(api.VpcId),
  type: lower(api.TargetGroupType),
  ...(typeof api.SnatEnable === 'boolean' ? { snat: api.SnatEnable } : {}),
  healthCheck: groupHealthCheckOf(api.HealthCheck),
})

export const readGroupMembers = (
  cloud: CloudSession,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<readonly GroupMember[]>> =>
  readEach(cloud, { kind: MEMBERS, ids, where }, async (id, at) => {
    const request = { Filters: [{ Name: 'TargetGroupId', Values: [id] }], Offset: 0, Limit: 100 }
    const members = await readAll(cloud, 'clb:DescribeTargetGroupInstances', request, at, (answer) => ({
      items: answer.TargetGroupInstanceSet,
      total: answer.TotalCount,
    }))
    return members.map((backend) => member(backend, id))
  })

const member = (backend: ApiMember, groupId: string): GroupMember => ({
  type: upper(backend.Type) ?? 'UNKNOWN',
  instanceId: text(backend.InstanceId),
  eniId: text(backend.EniId),
  targetGroupId: text(backend.TargetGroupId) ?? groupId,
  name: text(backend.InstanceName),
  ip: addresses(backend.PrivateIpAddresses)[0] ?? '',
  port: backend.Port ?? 0,
  weight: backend.Weight ?? null,
  ...registeredAt(backend),
})
