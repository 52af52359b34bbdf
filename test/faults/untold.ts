import type { Diagnosis, Hop, HopStage } from '../../src/model/diagnosis.ts'

/** Stages that the API shows. Of the others every report says that it cannot see them. */
const SHOWN: readonly HopStage[] = ['acl-in', 'security-group', 'acl-out']

const SEEN = /Nothing visible from the API explains it|从 API 能看到的配置里没有找到原因/

/**
 * Unknown hops that are told as if they had been seen, one line each: a hop without a subject and a reason, and a Dead
 * backend without a certain or likely cause whose report does not name its unknown hop.
 */
export function untold(diagnosis: Diagnosis): readonly string[] {
  const { pools, findings, gaps, headline } = diagnosis
  const explained = new Set(
    findings.flatMap(({ role, accepted, certainty, explains }) =>
      (role === 'cause' || accepted?.role === 'cause') && certainty !== 'possible' ? explains : [],
    ),
  )
  const said = `${headline}\n${gaps.map(({ what, why }) => `${what}: ${why}`).join('\n')}`
  const lines: string[] = []
  for (const { key, ip, status, path } of pools.flatMap(({ targets }) => targets))
    for (const hop of path) {
      const line = (what: string): number => lines.push(`${key} ${hop.stage}: ${what}`)
      if ((hop.verdict === 'unknown') !== (hop.unknown !== undefined)) line('unknown, and nothing says why')
      if (hop.unknown && (hop.unknown.subject === '' || hop.unknown.reason === '')) line('an empty reason')
      if (status !== 'Dead' || explained.has(key) || !hop.unknown || !SHOWN.includes(hop.stage)) continue
      if (!isNamed(hop, ip, said)) line(`not named: ${hop.unknown.subject}`)
      if (SEEN.test(headline)) line('the headline tells it as seen')
    }
  return lines
}

/** A list in a gap shows six items at most and counts the others. */
const COUNTED = / and \d+ more|等 \d+ /

function isNamed({ unknown }: Hop, ip: string, said: string): boolean {
  const subjects = unknown?.subject.split(/; |；/) ?? []
  return subjects.some(
    (subject) =>
      said.includes(subject) ||
      // A subject can be the backend itself, which a gap names by its address.
      (subject.includes(ip) && (said.includes(ip) || COUNTED.test(said))),
  )
}
