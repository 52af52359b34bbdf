import * as v from 'valibot'
import { referenceFrom } from '../app/reference.ts'
import type { ClbReference } from '../model/alarm.ts'
import { otherBalancer, parseId } from '../model/ids.ts'
import { type Language, parseLanguage } from '../model/language.ts'
import { parsed } from '../model/parsed.ts'
import { parseRegionOrCode } from '../model/regions.ts'

/** The body of `POST /v1/diagnoses`. */
const Body = v.object({
  loadBalancerId: v.optional(v.string()),
  vip: v.optional(v.string()),
  vpcId: v.optional(parsed((text) => parseId(text, 'vpc'), 'vpcId must look like vpc-1ywqac83.')),
  region: v.optional(parsed(parseRegionOrCode, 'region must look like ap-guangzhou.')),
  listenerId: v.optional(parsed((text) => parseId(text, 'lbl'), 'listenerId must look like lbl-shop0443.')),
  language: v.optional(parsed(parseLanguage, 'language must be zh-CN or en.')),
})

export interface AskedOverHttp {
  readonly clb: ClbReference
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
    return issue.type === 'string' ? `${field} must be a string.` : issue.message
  }
  const { loadBalancerId, vip, vpcId, region, listenerId, language } = result.output
  const name = loadBalancerId ?? vip ?? ''
  const clb = referenceFrom(name, vpcId ?? null)
  if (!clb) return otherBalancer(name) ?? NAME_IT
  return { clb, region: region ?? null, listenerId: listenerId ?? null, language: language ?? null }
}
