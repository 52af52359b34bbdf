import type { CallOptions, CloudSession, Kind, ResponseOf } from '../cloud/index.ts'
import { type Fact, ok, known as valueIn } from '../model/fact.ts'
import type { ById, SecurityGroup, SecurityRule, TemplateMembers } from '../model/snapshot.ts'
import { distinct, listed, readEach, readMany } from './collect.ts'
import { namesTemplate } from './expanded.ts'
import { texts } from './fields.ts'
import { deepest, type Known, type Lead, type ListedTemplate, leadsAt } from './known.ts'

/** Security groups whose rules name templates. */
function openGroups(known: Known): readonly SecurityGroup[] {
  const groups = [...known.securityGroups.values()].flatMap(({ fact }) => valueIn(fact) ?? [])
  return groups.filter(({ ingress }) => ingress.some(namesTemplate))
}

/**
 * Security groups to read with their templates written out: one call per group, in one wave. If that takes more calls
 * than the templates themselves, the templates are read instead.
 */
export function expandedLeads(known: Known): readonly Lead[] {
  const open = openGroups(known)
  return open.length > callsForTemplates(open)
    ? []
    : leadsAt(
        deepest(...known.securityGroups.values()),
        open.map(({ id }) => id),
      )
}

/** The groups whose templates were written out. */
export const writtenGroups = (known: Known): readonly SecurityGroup[] =>
  [...known.expandedGroups.values()].flatMap(({ fact }) => valueIn(fact) ?? [])

/**
 * Rules whose templates have to be read. Their expanded rows were not requested, could not be read, or could not be
 * assigned to the rules.
 */
function openRules(known: Known): { readonly rules: readonly SecurityRule[]; readonly depth: number } {
  const written = new Set(writtenGroups(known).map(({ id }) => id))
  const rest = openGroups(known).filter(({ id }) => !written.has(id))
  const depth = deepest(...known.securityGroups.values(), ...known.expandedGroups.values())
  return { rules: rulesOf(rest), depth }
}

const rulesOf = (groups: readonly SecurityGroup[]): readonly SecurityRule[] =>
  groups.flatMap(({ ingress }) => ingress)

/** A lower bound: members of template groups may take more calls. */
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

/** The most values that one filter takes. */
export const PER_CALL = 5

/** Address templates and service templates are read in the same way. */
type Family = 'address' | 'service'

function referencesIn(known: Known, family: Family) {
  const { rules, depth } = openRules(known)
  const references = rules.map((rule) => rule[family])
  return {
    ids: distinct(references.map((one) => one?.id)),
    groupIds: distinct(references.map((one) => one?.groupId)),
    depth,
  }
}

export function templateGroupLeads(known: Known, family: Family): readonly Lead[] {
  const { groupIds, depth } = referencesIn(known, family)
  return leadsAt(depth, groupIds)
}

/**
 * Template ids come from the answer about their group. To save that wave, the region's first 100 templates are read
 * together with the groups. If they include all members, no further call is needed.
 */
export function firstPageLeads(known: Known, family: Family): readonly Lead[] {
  const { groupIds, depth } = referencesIn(known, family)
  return groupIds.length === 0 ? [] : leadsAt(depth, [FIRST_PAGE])
}

export function templateLeads(known: Known, family: Family): readonly Lead[] {
  const { first, groups } = answersOf(known, family)
  const listed = new Set(listedIn(first).map(({ id }) => id))
  const depth = Math.max(referencesIn(known, family).depth, deepest(...first.values(), ...groups.values()))
  return leadsAt(
    depth,
    wantedTemplates(known, family).filter((id) => !listed.has(id)),
  )
}

/** The answers that give further template ids. */
const answersOf = (known: Known, family: Family) =>
  family === 'address'
    ? { first: known.firstAddressTemplates, groups: known.addressTemplateGroups }
    : { first: known.firstServiceTemplates, groups: known.serviceTemplateGroups }

const listedIn = (first: Known['firstAddressTemplates']): readonly ListedTemplate[] =>
  [...first.values()].flatMap(({ fact }) => valueIn(fact) ?? [])

/** Templates that the rules name, and members of the template groups that the rules name. */
const wantedTemplates = (known: Known, family: Family): readonly string[] =>
  distinct([
    ...referencesIn(known, family).ids,
    ...[...answersOf(known, family).groups.values()].flatMap(({ fact }) => valueIn(fact) ?? []),
  ])

/** All templates that the rules need, read by id or on the first page. */
export function templatesOf(known: Known, family: Family): Record<string, Fact<TemplateMembers | null>> {
  const own = family === 'address' ? known.addressTemplates : known.serviceTemplates
  const listed = new Map(listedIn(answersOf(known, family).first).map((one) => [one.id, ok(membersOf(one))]))
  return Object.fromEntries(
    wantedTemplates(known, family).flatMap((id) => {
      const fact = own.get(id)?.fact ?? listed.get(id)
      return fact ? [[id, fact] as const] : []
    }),
  )
}

const kind = (action: TemplateAction): Kind => ({ action, size: PER_CALL, keep: 500 })
const KINDS: Readonly<Record<TemplateAction, Kind>> = {
  'vpc:DescribeAddressTemplates': kind('vpc:DescribeAddressTemplates'),
  'vpc:DescribeAddressTemplateGroups': kind('vpc:DescribeAddressTemplateGroups'),
  'vpc:DescribeServiceTemplates': kind('vpc:DescribeServiceTemplates'),
  'vpc:DescribeServiceTemplateGroups': kind('vpc:DescribeServiceTemplateGroups'),
}

/** A page of a region's list. All CLBs of a scan share it. */
const page = (action: ListAction): Kind => ({ action, size: 1, keep: 30 })
const FIRST: Readonly<Record<ListAction, Kind>> = {
  'vpc:DescribeAddressTemplates': page('vpc:DescribeAddressTemplates'),
  'vpc:DescribeServiceTemplates': page('vpc:DescribeServiceTemplates'),
}

type ListAction = 'vpc:DescribeAddressTemplates' | 'vpc:DescribeServiceTemplates'
type TemplateAction = ListAction | 'vpc:DescribeAddressTemplateGroups' | 'vpc:DescribeServiceTemplateGroups'

const addressesIn = (answer: ResponseOf<'vpc:DescribeAddressTemplates'>): readonly ListedTemplate[] =>
  (answer.AddressTemplateSet ?? []).map((template) => ({
    id: template.AddressTemplateId,
    members: texts([
      ...(template.AddressSet ?? []),
      ...(template.AddressExtraSet ?? []).map(({ Address }) => Address),
    ]),
  }))

const servicesIn = (answer: ResponseOf<'vpc:DescribeServiceTemplates'>): readonly ListedTemplate[] =>
  (answer.ServiceTemplateSet ?? []).map((template) => ({
    id: template.ServiceTemplateId,
    members: texts([
      ...(template.ServiceSet ?? []),
      ...(template.ServiceExtraSet ?? []).map(({ Service }) => Service),
    ]),
  }))

const membersOf = ({ members }: ListedTemplate): TemplateMembers | null =>
  members.length > 0 ? members : null

const FIRST_PAGE = 'first'

/** The first 100 templates of the region. If this call fails, each template is read by id. */
export const readFirstPage = (
  cloud: CloudSession,
  action: ListAction,
  where: CallOptions,
): Promise<ById<readonly ListedTemplate[]>> =>
  readEach(cloud, { kind: FIRST[action], ids: [FIRST_PAGE], where }, async (_, at) => {
    const page = { Offset: '0', Limit: '100' }
    return action === 'vpc:DescribeAddressTemplates'
      ? addressesIn(await cloud.call(action, page, at))
      : servicesIn(await cloud.call(action, page, at))
  })

/**
 * Members of templates or template groups by id, five per call. Offset and Limit are strings. Null if the template does
 * not exist. A template cannot be empty, so an empty answer does not mean that nobody matches.
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
  const fetch = async (chunk: readonly string[], at: CallOptions): Promise<readonly ListedTemplate[]> => {
    switch (action) {
      case 'vpc:DescribeAddressTemplates': {
        const answer = await cloud.call(action, request('address-template-id', chunk), at)
        listed(action, answer.AddressTemplateSet, answer.TotalCount)
        return addressesIn(answer)
      }
      case 'vpc:DescribeAddressTemplateGroups': {
        const answer = await cloud.call(action, request('address-template-group-id', chunk), at)
        return listed(action, answer.AddressTemplateGroupSet, answer.TotalCount).map((group) => ({
          id: group.AddressTemplateGroupId,
          members: texts(group.AddressTemplateIdSet),
        }))
      }
      case 'vpc:DescribeServiceTemplates': {
        const answer = await cloud.call(action, request('service-template-id', chunk), at)
        listed(action, answer.ServiceTemplateSet, answer.TotalCount)
        return servicesIn(answer)
      }
      case 'vpc:DescribeServiceTemplateGroups': {
        const answer = await cloud.call(action, request('service-template-group-id', chunk), at)
        return listed(action, answer.ServiceTemplateGroupSet, answer.TotalCount).map((group) => ({
          id: group.ServiceTemplateGroupId,
          members: texts(group.ServiceTemplateIdSet),
        }))
      }
    }
  }
  return readMany(cloud, { kind: KINDS[action], ids, where }, async (chunk, at) =>
    (await fetch(chunk, at)).map((template) => [template.id, membersOf(template)]),
  )
}
