import * as v from 'valibot'
import { referenceFrom } from '../app/reference.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { LoadBalancerView } from '../model/diagnosis.ts'
import { otherBalancer, parseId } from '../model/ids.ts'
import { BITS, familyOf, within } from '../model/ip.ts'
import { type Language, parseLanguage } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'

/** The body of `POST /v1/diagnoses`. A field that is not known is refused: a misspelt one would be ignored silently. */
const Body = v.strictObject({
  loadBalancerId: v.optional(v.string()),
  vip: v.optional(v.string()),
  vpcId: v.optional(parsed((text) => parseId(text, 'vpc'), 'vpcId must look like vpc-1ywqac83.')),
  region: v.optional(parsed(parseRegionOrCode, 'region must look like ap-guangzhou.')),
  listenerId: v.optional(parsed((text) => parseId(text, 'lbl'), 'listenerId must look like lbl-shop0443.')),
  language: v.optional(parsed(parseLanguage, 'language must be zh-CN or en.')),
})

export interface AskedOverHttp {
  readonly clb: ClbReference
  /** The VIP or domain beside an id. The CLB must have it. */
  readonly beside: ClbReference | null
  readonly region: string | null
  readonly listenerId: string | null
  readonly language: Language | null
}

const NAME_IT =
  'Name the CLB as JSON: {"loadBalancerId":"lb-7dpmqwcu"}, or {"vip":"203.0.113.26"} with an IP address or the CLB\'s domain; region is optional.'

/** The question in a body, or one sentence that says what is wrong with the body. */
export function readQuestion(body: unknown): AskedOverHttp | string {
  const result = v.safeParse(Body, body)
  if (!result.success) {
    const [issue] = result.issues
    const field = v.getDotPath(issue)
    if (field === null) return NAME_IT
    if (issue.expected === 'never') return unknown(field)
    return issue.type === 'string' ? `${field} must be a string.` : issue.message
  }
  const { loadBalancerId, vip, vpcId, region, listenerId, language } = result.output
  const name = loadBalancerId ?? vip ?? ''
  const clb = referenceFrom(name, vpcId ?? null)
  if (!clb || (loadBalancerId !== undefined && clb.loadBalancerId === null))
    return otherBalancer(name) ?? NAME_IT
  const beside = loadBalancerId === undefined || vip === undefined ? null : referenceFrom(vip, null)
  if (
    loadBalancerId !== undefined &&
    vip !== undefined &&
    (beside === null || beside.loadBalancerId !== null)
  )
    return 'vip must be an IP address or the domain of the CLB.'
  return {
    clb,
    beside,
    region: region ?? null,
    listenerId: listenerId ?? null,
    language: language ?? null,
  }
}

function unknown(field: string): string {
  const known = Object.keys(Body.entries).join(', ')
  const named = /^[\w-]{1,40}$/.test(field) ? `no field "${field}"` : 'an unknown field in the body'
  return `There is ${named}; the fields are ${known}.`
}

/** What the question says of the CLB that is not so, in one sentence. Null if they agree, or nothing could be read. */
export function disagreement(asked: AskedOverHttp, found: LoadBalancerView | null): string | null {
  if (found === null || asked.clb.loadBalancerId === null) return null
  const { id, vips, domain, vpcId } = found
  const { beside, clb } = asked
  if (clb.vpcId && vpcId && vpcId !== clb.vpcId)
    return `${id} is in ${vpcId}, not in ${clb.vpcId}; leave out vpcId.`
  const names = [...vips, ...(domain ? [domain] : [])]
  if (beside === null || names.length === 0) return null
  const isIts =
    beside.vip === null
      ? domain?.toLowerCase() === beside.domain
      : within(vips.map((vip) => `${vip}/${BITS[familyOf(vip)]}`))(beside.vip)
  return isIts
    ? null
    : `${id} has ${names.join(', ')}, not ${beside.vip ?? beside.domain}; give loadBalancerId or vip alone.`
}
