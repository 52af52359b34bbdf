import { CHECKS, type ReasonText } from '../checks/index.ts'
import type { Finding, FindingCode, TargetKey } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import { listed, NOTHING, type Params, t } from '../text/index.ts'
import type { Assigned } from './roles.ts'
import { TEXTS } from './texts.ts'

/** @throws Error if the reason has no texts */
export function textOf(code: FindingCode): ReasonText {
  const [check, reason = ''] = code.split('/')
  const text = CHECKS.find(({ id }) => id === check)?.reasons[reason]
  if (!text) throw new Error(`no text for ${code}`)
  return text
}

/** The title of a finding. If backends refute it, the title says so. */
export function titleOf({ draft, contradictedBy, reached = [] }: Assigned, language: Language): string {
  const { title } = textOf(draft.code)
  if (contradictedBy.length === 0) return t(title, draft.params, language)
  const healthy = contradictedBy.length - reached.length
  const params = { ...draft.params, blocks: TEXTS.refuted.blocks, healthy, reached: reached.length }
  if (healthy === 0) return `${t(title, params, language)}${t(TEXTS.refuted.reached, params, language)}`
  if (draft.isOfMachines) {
    const names = contradictedBy.filter((key) => !reached.includes(key)).map(endpointIn)
    const like = { ...params, list: listed(names, language, MOST_LIKE) }
    return `${t(title, params, language)}${t(TEXTS.refuted.like, like, language)}`
  }
  const others = draft.targets.length > healthy ? 'others' : 'all'
  const yet = TEXTS.refuted[isFilter(draft) ? others : 'own']
  return `${t(title, params, language)}${t(yet, params, language)}`
}

/** A title names so many backends. */
const MOST_LIKE = 3

/** The `ip:port` of a target. */
const endpointIn = (key: TargetKey): string => key.slice(key.lastIndexOf('/') + 1)

/** The title of a finding without the ports that it is about: what several CLBs with the same cause share. */
export const thingOf = ({ code, params }: Pick<Finding, 'code' | 'params'>, language: Language): string =>
  t(textOf(code).title, { ...(params as Params), what: NOTHING }, language)

/** Does a rule of a group or ACL decide, so that backends are behind it? */
const isFilter = ({ rule, resources }: Assigned['draft']): boolean =>
  rule !== undefined && resources.some(({ type }) => type === 'security-group' || type === 'network-acl')
