import type { Diagnosis, Finding } from '../../src/model/diagnosis.ts'
import { endpointOf, poolName } from '../../src/model/endpoint.ts'
import { type Fact, ok } from '../../src/model/fact.ts'
import type { Listener, Snapshot } from '../../src/model/snapshot.ts'

/** The same CLB, with every listener three times: other ids and ports, the same rules, backends and health. */
export function thrice(snapshot: Snapshot): Snapshot {
  const copies = [0, 1, 2]
  const idOf = (id: string, i: number): string => (i === 0 ? id : `${id}x${i}`)
  const at = <T>(fact: Fact<readonly T[]>, copy: (one: T, i: number) => T): Fact<readonly T[]> =>
    fact.state === 'ok' ? ok(copies.flatMap((i) => fact.value.map((one) => copy(one, i)))) : fact
  const rule = (locationId: string | null, i: number): string | null =>
    locationId === null ? null : idOf(locationId, i)
  const portOf = (port: number, i: number): number => port + 10_000 * i
  return {
    ...snapshot,
    listeners: at(snapshot.listeners, (one: Listener, i) => ({
      ...one,
      id: idOf(one.id, i),
      port: portOf(one.port, i),
      rules: one.rules.map((own) => ({ ...own, locationId: idOf(own.locationId, i) })),
    })),
    registrations: at(snapshot.registrations, (one, i) => ({
      ...one,
      listenerId: idOf(one.listenerId, i),
      locationId: rule(one.locationId, i),
    })),
    health: at(snapshot.health, (one, i) => ({
      ...one,
      listenerId: idOf(one.listenerId, i),
      locationId: rule(one.locationId, i),
      listenerPort: one.listenerPort === null ? null : portOf(one.listenerPort, i),
    })),
  }
}

/** What a finding says, without the names and the number of what it is about. */
function claimOf({ code, role, certainty, title }: Finding, names: readonly string[]): string {
  const bare = names.reduce((text, name) => text.replaceAll(name, '…'), title)
  return `${code} ${role} ${certainty}: ${bare.replaceAll(COUNT, '#').replace(ABOUT, '')}`
}

/** A later finding with the same title begins with what it is about. */
const ABOUT = /^…(?:, …)*(?: and \d+ more)?: /

/** Not the place of a rule or the number in an id: these decide. */
const COUNT =
  /(?<![\w-])\d+(?= (?:listeners|forwarding|resources|backends|instances|addresses|network|managed))/g

/** A rule has a finding for each class of certainty. Other evidence can lower two of them to the same certainty. */
const isAboutRule = ({ resources }: Finding): boolean =>
  resources.some(({ ruleIndex }) => ruleIndex !== undefined)

/** The claims that two findings make. Findings that the user expects have a reason and an end of their own. */
export function repeatedIn({ findings, pools }: Diagnosis): readonly string[] {
  const targets = pools.flatMap((pool) => pool.targets)
  const names = [
    ...new Set([
      ...pools.map(poolName),
      ...targets.map(endpointOf),
      ...pools.flatMap(({ listenerId, locationId }) => [locationId ?? listenerId, listenerId]),
    ]),
  ].sort((a, b) => b.length - a.length)
  const claims = findings
    .filter((finding) => !finding.accepted && !isAboutRule(finding))
    .map((finding) => claimOf(finding, names))
  return claims.filter((claim, i) => claims.indexOf(claim) !== i)
}
