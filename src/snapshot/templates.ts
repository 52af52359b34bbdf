import type { ResponseOf } from '../cloud/actions.ts'
import type { CallOptions, CloudSession, Kind } from '../cloud/cloud.ts'
import { known, ok } from '../model/fact.ts'
import type {
  ById,
  SecurityGroup,
  SecurityRule,
  Snapshot,
  TemplateMembers,
  TemplateReference,
} from '../model/snapshot.ts'
import { distinct, readEach, readMany } from './collect.ts'
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
  const [addresses, services] = await Promise.all([
    readKind(
      cloud,
      ['vpc:DescribeAddressTemplates', 'vpc:DescribeAddressTemplateGroups'],
      rules.map((r) => r.address),
      where,
    ),
    readKind(
      cloud,
      ['vpc:DescribeServiceTemplates', 'vpc:DescribeServiceTemplateGroups'],
      rules.map((r) => r.service),
      where,
    ),
  ])
  return {
    addressTemplates: addresses.templates,
    addressTemplateGroups: addresses.groups,
    serviceTemplates: services.templates,
    serviceTemplateGroups: services.groups,
  }
}

/**
 * Only a group says which templates are in it. Nobody waits for that where the region's first hundred templates, asked
 * for together with the groups, have them all; the others are asked for by id, one wave later.
 */
async function readKind(
  cloud: CloudSession,
  [single, group]: readonly [ListAction, TemplateAction],
  references: readonly (TemplateReference | null)[],
  where: CallOptions,
): Promise<Record<'templates' | 'groups', ById<TemplateMembers | null>>> {
  const ids = distinct(references.map((one) => one?.id))
  const groupIds = distinct(references.map((one) => one?.groupId))
  const [first, groups] = await Promise.all([
    groupIds.length === 0 ? readTemplates(cloud, single, ids, where) : readFirst(cloud, single, where),
    readTemplates(cloud, group, groupIds, where),
  ])
  const wanted = distinct([...ids, ...Object.values(groups).flatMap((fact) => known(fact) ?? [])])
  const missing = wanted.filter((id) => !(id in first))
  const rest = await readTemplates(cloud, single, missing, { ...where, wave: where.wave + 1 })
  const all = { ...first, ...rest }
  return { templates: Object.fromEntries(wanted.flatMap((id) => (all[id] ? [[id, all[id]]] : []))), groups }
}

const kind = (action: TemplateAction): Kind => ({ action, size: PER_CALL, keep: 500 })
const KINDS: Readonly<Record<TemplateAction, Kind>> = {
  'vpc:DescribeAddressTemplates': kind('vpc:DescribeAddressTemplates'),
  'vpc:DescribeAddressTemplateGroups': kind('vpc:DescribeAddressTemplateGroups'),
  'vpc:DescribeServiceTemplates': kind('vpc:DescribeServiceTemplates'),
  'vpc:DescribeServiceTemplateGroups': kind('vpc:DescribeServiceTemplateGroups'),
}

/** A page of a region's list, which many CLBs of a scan share. */
const page = (action: ListAction): Kind => ({ action, size: 1, keep: 30 })
const FIRST: Readonly<Record<ListAction, Kind>> = {
  'vpc:DescribeAddressTemplates': page('vpc:DescribeAddressTemplates'),
  'vpc:DescribeServiceTemplates': page('vpc:DescribeServiceTemplates'),
}

type ListAction = 'vpc:DescribeAddressTemplates' | 'vpc:DescribeServiceTemplates'
type TemplateAction = ListAction | 'vpc:DescribeAddressTemplateGroups' | 'vpc:DescribeServiceTemplateGroups'

/** A template, or a group of them, with what is in it. */
interface Listed {
  readonly id: string
  readonly members: readonly string[]
}

const addressesIn = (answer: ResponseOf<'vpc:DescribeAddressTemplates'>): readonly Listed[] =>
  list(answer.AddressTemplateSet).map((template) => ({
    id: template.AddressTemplateId ?? '',
    members: texts([
      ...list(template.AddressSet),
      ...list(template.AddressExtraSet).map(({ Address }) => Address),
    ]),
  }))

const servicesIn = (answer: ResponseOf<'vpc:DescribeServiceTemplates'>): readonly Listed[] =>
  list(answer.ServiceTemplateSet).map((template) => ({
    id: template.ServiceTemplateId ?? '',
    members: texts([
      ...list(template.ServiceSet),
      ...list(template.ServiceExtraSet).map(({ Service }) => Service),
    ]),
  }))

const membersOf = (found: Listed | null): TemplateMembers | null =>
  found?.members.length ? found.members : null

/** Those of the first page; where that cannot be had, none: whoever needs one asks for it. */
async function readFirst(
  cloud: CloudSession,
  action: ListAction,
  where: CallOptions,
): Promise<ById<TemplateMembers | null>> {
  const page = { Offset: '0', Limit: '100' }
  const found = await readEach(cloud, { kind: FIRST[action], ids: ['first'], where }, async (_, at) =>
    action === 'vpc:DescribeAddressTemplates'
      ? addressesIn(await cloud.call(action, page, at))
      : servicesIn(await cloud.call(action, page, at)),
  )
  return Object.fromEntries((known(found.first) ?? []).map((one) => [one.id, ok(membersOf(one))]))
}

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
  const fetch = async (chunk: readonly string[], at: CallOptions): Promise<readonly Listed[]> => {
    switch (action) {
      case 'vpc:DescribeAddressTemplates':
        return addressesIn(await cloud.call(action, request('address-template-id', chunk), at))
      case 'vpc:DescribeAddressTemplateGroups': {
        const answer = await cloud.call(action, request('address-template-group-id', chunk), at)
        return list(answer.AddressTemplateGroupSet).map((group) => ({
          id: group.AddressTemplateGroupId ?? '',
          members: texts(group.AddressTemplateIdSet),
        }))
      }
      case 'vpc:DescribeServiceTemplates':
        return servicesIn(await cloud.call(action, request('service-template-id', chunk), at))
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
      Object.entries(facts).map(([id, fact]) => [id, fact.state === 'ok' ? ok(membersOf(fact.value)) : fact]),
    ),
  )
}
