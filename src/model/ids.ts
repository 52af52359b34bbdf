// An id of Tencent Cloud has a prefix for the kind of resource, a dash, and lower-case letters and digits. Every id in
// the samples of the API and of alarms has eight to eleven of these; older documents print six.

/** The prefixes of the kinds that the product distinguishes. */
export type IdPrefix =
  | ('lb' | 'clb' | 'lbl' | 'loc' | 'lbtg')
  | ('vpc' | 'subnet' | 'acl' | 'rtb' | 'ccn')
  | ('ins' | 'eni' | 'cmd')
  | ('sg' | 'ipm' | 'ipmg' | 'ppm' | 'ppmg')
  | ('cdb' | 'cdbro' | 'crs' | 'cmgo' | 'postgres' | 'ckafka')

const ID = /^[a-z]{2,12}-[a-z0-9]{6,32}$/

/** May this text from the API be an id? Of any length. */
export const isIdLike = (text: string): boolean => /^[a-z]+-\w+$/.test(text)

/** Is this id from the API of the given kind? */
export const hasPrefix = (id: string | null | undefined, prefix: IdPrefix): id is string =>
  id?.startsWith(`${prefix}-`) === true

/** Parses an id of any kind as people and alarms write it. Null for any other text. */
export function parseAnyId(text: string): string | null {
  const id = text.trim()
  return ID.test(id) ? id : null
}

/** Parses an id of one kind as people and alarms write it, for example `lb-7dpmqwcu`. Null for any other text. */
export function parseId(text: string, prefix: IdPrefix): string | null {
  const id = parseAnyId(text)
  return hasPrefix(id, prefix) ? id : null
}

/** Letters of any script, digits, dashes and underscores, at most 60 (SDK clb_models, LoadBalancerName). */
const NAME = /^[\p{L}\p{M}\p{N}_-]{1,60}$/u
/** A text that was meant as an id. It is not looked up as a name, so that a typo gets the right answer. */
const MEANT_AS_ID = /^(?:c?lb|lbl|lbtg)-[a-z0-9_]*$/i

/** Parses the name of a CLB as a person writes it. Null for any other text. */
export function parseClbName(text: string): string | null {
  const name = text.trim()
  return NAME.test(name) && !MEANT_AS_ID.test(name) ? name : null
}

/** Labels of letters, digits and dashes, the last of which is no number: an address or a masked one is no domain. */
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/

/** Parses a domain name as people and alarms write it, to lower case. Null for any other text. */
export function parseDomain(text: string): string | null {
  const domain = text.trim().toLowerCase().replace(/\.$/, '')
  return DOMAIN.test(domain) ? domain : null
}

/** Load balancers that are products of their own, with APIs of their own (platform facts C5). */
const OTHER_BALANCERS: Readonly<Record<string, string>> = {
  alb: 'an Application Load Balancer (ALB)',
  gwlb: 'a Gateway Load Balancer (GWLB)',
}

/** Whose id this is, in one sentence, if it names a load balancer of another product. Null for any other text. */
export function otherBalancer(text: string): string | null {
  const id = parseAnyId(text)
  const product = id === null ? undefined : OTHER_BALANCERS[id.split('-', 1)[0] ?? '']
  return product === undefined
    ? null
    : `${id} is ${product}, another product with an API of its own; clb-doctor diagnoses CLBs (lb-…).`
}
