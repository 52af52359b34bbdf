import * as v from 'valibot'
import { isRegion, languageFrom } from '../app/config.ts'
import { isVpc, referenceFrom } from '../app/reference.ts'
import type { ClbReference } from '../model/alarm.ts'
import type { Language } from '../model/language.ts'

/** The body of `POST /v1/diagnoses`. */
const Body = v.object({
  loadBalancerId: v.optional(v.string()),
  vip: v.optional(v.string()),
  vpcId: v.optional(v.pipe(v.string(), v.check(isVpc, 'vpcId must look like vpc-1ywqac83.'))),
  region: v.optional(
    v.pipe(
      v.string('region must look like ap-guangzhou.'),
      v.check(isRegion, 'region must look like ap-guangzhou.'),
    ),
  ),
  listenerId: v.optional(
    v.pipe(v.string(), v.regex(/^lbl-[a-z0-9]+$/, 'listenerId must look like lbl-shop0443.')),
  ),
  language: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => languageFrom(text) !== undefined, 'language must be zh-CN or en.'),
    ),
  ),
})

export interface AskedOverHttp {
  readonly clb: ClbReference
  readonly region: string | null
  readonly listenerId: string | null
  readonly language: Language | null
}

const NAME_IT =
  'Name the CLB as JSON: {"loadBalancerId":"lb-7dpmqwcu"}, or {"vip":"203.0.113.26"} with an IP address; region is optional.'

/** What was asked, or one sentence on what is wrong with it. */
export function readQuestion(body: unknown): AskedOverHttp | string {
  const parsed = v.safeParse(Body, body)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const field = v.getDotPath(issue)
    if (field === null) return NAME_IT
    return issue.message.startsWith('Invalid type') ? `${field} must be a string.` : issue.message
  }
  const { loadBalancerId, vip, vpcId, region, listenerId, language } = parsed.output
  const clb = referenceFrom(loadBalancerId ?? vip ?? '', vpcId ?? null)
  if (!clb) return NAME_IT
  return {
    clb,
    region: region ?? null,
    listenerId: listenerId ?? null,
    language: (language === undefined ? undefined : languageFrom(language)) ?? null,
  }
}
