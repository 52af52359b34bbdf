import { type Diagnosis, type Finding, isCause } from '../model/diagnosis.ts'
import type { SharedCause } from '../model/incident.ts'

/** A remark stands in quotes behind the rule. It does not change what the rule does. */
const REMARK = / "[\s\S]*"$/

/** The rule by its content: direction, action, protocol, port and source. Null: no rule decides. */
function ruleOf({ code, params, resources }: Finding): string | null {
  const words = typeof params?.words === 'string' ? params.words.replace(REMARK, '') : ''
  if (words === '' || resources.every(({ ruleIndex = null }) => ruleIndex === null)) return null
  return `${code.includes('reply') ? 'out' : 'in'} ${words}`
}

/** The first-ranked cause of a diagnosis, if it is certain or likely. CLBs with an equal one have one incident. */
export function causeOf({ findings }: Pick<Diagnosis, 'findings'>): SharedCause | null {
  const first = findings.find(isCause)
  if (!first || first.certainty === 'possible') return null
  const resources = [...new Set(first.resources.map(({ id }) => id))].sort()
  return { code: first.code, resource: resources.join(','), rule: ruleOf(first) }
}

/** Equal for equal causes. */
export const causeKey = ({ code, resource, rule }: SharedCause): string =>
  JSON.stringify([code, resource, rule])
