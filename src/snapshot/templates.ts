import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { known, ok } from '../model/fact.ts'
import type { ById, SecurityGroup, SecurityRule, Snapshot, TemplateMembers } from '../model/snapshot.ts'
import { distinct, readMany } from './collect.ts'
import { namesTemplate } from './expanded.ts'
import { list, texts } from './fields.ts'
import { readExpanded } from './security-groups.ts'

type Templates = Pick<
  Snapshot,
  'addressTemplates' | 'addressTemplateGroups' | 'serviceTemplates' | 'serviceTemplateGroups'
>

/**
 * The groups' rules with what their templates stand for. Rows that the API writes out take one call a group and one
 * wave; where they are more calls than the templates themselves, or cannot be had or told apart, the templates are read.
 */
export async function resolveTemplates(
  cloud: CloudSession,
  securityGroups: ById<SecurityGroup>,
  where: CallOptions,
): Promise<Templates & Pick<Snapshot, 'securityGroups'>> {
  const groups = Object.values(securityGroups).flatMap((fact) => known(fact) ?? [])
  const open = groups.filter(({ ingress }) => ingress.some(namesTemplate))
  if (open.length === 0 || open.length > callsForTemplates(open))
    return { securityGroups, ...(await readAllTemplates(cloud, rulesOf(open), where)) }
  const expanded = await readExpanded(cloud, open, where)
  const written = Object.values(expanded).flatMap((fact) => known(fact) ?? [])
  const rest = open.filter(({ id }) => !written.some((group) => group.id === id))
  const next = { ...where, wave: where.wave + 1 }
  return {
    securityGroups: {
      ...securityGroups,
      ...Object.fromEntries(written.map((group) => [group.id, ok(group)])),
    },
    ...(await readAllTemplates(cloud, rulesOf(rest), next)),
  }
}

const rulesOf = (groups: readonly SecurityGroup[]): readonly SecurityRule[] =>
  groups.flatMap(({ ingress }) => ingress)

/** At least so many: template groups have members that take more. */
function callsForTemplates(groups: readonly SecurityGroup[]): number {
  const rules = rulesOf(groups)
  const calls = (ids: readonly (string | null | undefined)[]): number =>
    Math.ceil(distinct(ids).length / PER_CALL)
  const [addressGroups, serviceGroups] = [
    rules.map((r) => r.address?.groupId),
    rules.map((r) => r.service?.groupId),
  ]
  return (
    calls(rules.map((r) => r.address?.id)) +
    calls(rules.map((r) => r.service?.id)) +
    2 * (calls(addressGroups) + calls(serviceGroups))
  )
}

/** Values that one filter takes. */
const PER_CALL = 5

async function readAllTemplates(
  cloud: CloudSession,
  rules: readonly SecurityRule[],
  where: CallOptions,
): Promise<Templates> {
  const [addressTemplates, addressTemplateGroups, serviceTemplates, serviceTemplateGroups] =
    await Promise.all([
      readTemplates(cloud, 'vpc:DescribeAddressTemplates', distinct(rules.map((r) => r.address?.id)), where),
      readTemplates(
        cloud,
        'vpc:DescribeAddressTemplateGroups',
        distinct(rules.map((r) => r.address?.groupId)),
        where,
      ),
      readTemplates(cloud, 'vpc:DescribeServiceTemplates', distinct(rules.map((r) => r.service?.id)), where),
      readTemplates(
        cloud,
        'vpc:DescribeServiceTemplateGroups',
        distinct(rules.map((r) => r.service?.groupId)),
        where,
      ),
    ])
  const members = (facts: ById<readonly string[] | null>, have: ById<unknown>) =>
    distinct(Object.values(facts).flatMap((fact) => known(fact) ?? [])).filter((id) => !(id in have))
  const next = { ...where, wave: where.wave + 1 }
  const [moreAddresses, moreServices] = await Promise.all([
    readTemplates(
      cloud,
      'vpc:DescribeAddressTemplates',
      members(addressTemplateGroups, addressTemplates),
      next,
    ),
    readTemplates(
      cloud,
      'vpc:DescribeServiceTemplates',
      members(serviceTemplateGroups, serviceTemplates),
      next,
    ),
  ])
  return {
    addressTemplates: { ...addressTemplates, ...moreAddresses },
    addressTemplateGroups,
    serviceTemplates: { ...serviceTemplates, ...moreServices },
    serviceTemplateGroups,
  }
}

const kind = (action: TemplateAction): Kind => ({ action, size: PER_CALL, keep: 500 })
const KINDS: Readonly<Record<TemplateAction, Kind>> = {
  'vpc:DescribeAddressTemplates': kind('vpc:DescribeAddressTemplates'),
  'vpc:DescribeAddressTemplateGroups': kind('vpc:DescribeAddressTemplateGroups'),
  'vpc:DescribeServiceTemplates': kind('vpc:DescribeServiceTemplates'),
  'vpc:DescribeServiceTemplateGroups': kind('vpc:DescribeServiceTemplateGroups'),
}

type TemplateAction =
  | 'vpc:DescribeAddressTemplates'
  | 'vpc:DescribeAddressTemplateGroups'
  | 'vpc:DescribeServiceTemplates'
  | 'vpc:DescribeServiceTemplateGroups'

/**
 * Members of templates, or of groups of them, by id: by filter, five a call; Offset and Limit are strings. Null where
 * there is none: a template cannot be empty, so that is not a template that means nobody.
 */
export function readTemplates(
  cloud: CloudSession,
  action: TemplateAction,
  ids: readonly string[],
  where: CallOptions,
): Promise<ById<TemplateMembers | null>> {
  const request = (filter: string, chunk: readonly string[]) => ({
    Filters: [{ Name: filter, Values: [...chunk] }],
    Offset: '0',
    Limit: '100',
  })
  const fetch = async (
    chunk: readonly string[],
    at: CallOptions,
  ): Promise<{ id: string; members: readonly string[] }[]> => {
    switch (action) {
      case 'vpc:DescribeAddressTemplates': {
        const answer = await cloud.call(action, request('address-template-id', chunk), at)
        return list(answer.AddressTemplateSet).map((template) => ({
          id: template.AddressTemplateId ?? '',
          members: texts([
            ...list(template.AddressSet),
            ...list(template.AddressExtraSet).map(({ Address }) => Address),
          ]),
        }))
      }
      case 'vpc:DescribeAddressTemplateGroups': {
        const answer = await cloud.call(action, request('address-template-group-id', chunk), at)
        return list(answer.AddressTemplateGroupSet).map((group) => ({
          id: group.AddressTemplateGroupId ?? '',
          members: texts(group.AddressTemplateIdSet),
        }))
      }
      case 'vpc:DescribeServiceTemplates': {
        const answer = await cloud.call(action, request('service-template-id', chunk), at)
        return list(answer.ServiceTemplateSet).map((template) => ({
          id: template.ServiceTemplateId ?? '',
          members: texts([
            ...list(template.ServiceSet),
            ...list(template.ServiceExtraSet).map(({ Service }) => Service),
          ]),
        }))
      }
      case 'vpc:DescribeServiceTemplateGroups': {
        const answer = await cloud.call(action, request('service-template-group-id', chunk), at)
        return list(answer.ServiceTemplateGroupSet).map((group) => ({
          id: group.ServiceTemplateGroupId ?? '',
          members: texts(group.ServiceTemplateIdSet),
        }))
      }
    }
  }
  return readMany(cloud, { kind: KINDS[action], ids, where }, fetch, (found) => [found.id]).then((facts) =>
    Object.fromEntries(
      Object.entries(facts).map(([id, fact]) => [
        id,
        fact.state === 'ok' ? ok(fact.value?.members.length ? fact.value.members : null) : fact,
      ]),
    ),
  )
}
