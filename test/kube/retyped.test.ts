import { describe, expect, it } from 'vitest'
import { KubernetesTextError, kubernetesIn } from '../../src/kube/index.ts'
import { ok } from '../../src/model/fact.ts'
import type { Kubernetes } from '../../src/model/kubernetes.ts'
import { kept } from '../../src/model/memo.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { printed } from '../support/kubectl.ts'
import { diagnosisOf } from '../support/snapshots.ts'

// Every field of what kubectl prints is given another type. Nobody promises the shape of a file that a person saved.

const scenario = findScenario('readiness-failing')
if (!scenario) throw new Error('no scenario')
const whole = printed(scenario.build()) as { items: { kind: string }[] }
/** The first object of each kind says all that the kind has. */
const items = whole.items.filter(({ kind }, i) => whole.items.findIndex((one) => one.kind === kind) === i)

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

function replaced(value: unknown, [first, ...rest]: Path, by: unknown): unknown {
  if (first === undefined) return by
  if (Array.isArray(value))
    return value.map((inner, i) => (i === Number(first) ? replaced(inner, rest, by) : inner))
  return Object.fromEntries(
    Object.entries(value as object).map(([key, inner]) => [
      key,
      key === first ? replaced(inner, rest, by) : inner,
    ]),
  )
}

const OTHERS = [null, 7, '', 'x', true, [], [null], {}]

const seen = new Map<string, readonly string[]>()

/** The checks that crashed on it. Most changes give a view that others give, too. */
const crashedOn = (view: Kubernetes): readonly string[] =>
  kept(seen, JSON.stringify(view), () => crashesOn(view))

function crashesOn(view: Kubernetes): readonly string[] {
  const diagnosis = diagnosisOf({
    machines: [16, 17].map((host) => ({ host, status: 'Dead', registration: { port: 31_080 } })),
    balancer: { tags: { 'tke-clusterId': 'cls-1' } },
    replace: { kubernetes: ok(view) },
  })
  return diagnosis.checks.flatMap(({ check, reason }) =>
    reason?.startsWith('crashed') ? `${check} ${reason}` : [],
  )
}

describe('the output of kubectl with another type in one field', () => {
  it('is refused by name or read, and crashes no check', () => {
    const paths = pathsIn(items).filter((path) => path.length > 0)
    expect(paths.length).toBeGreaterThan(150)
    const failed = paths.flatMap((path) =>
      OTHERS.flatMap((other) => {
        const at = `${path.join('.')} = ${JSON.stringify(other)}`
        try {
          return crashedOn(kubernetesIn({ kind: 'List', items: replaced(items, path, other) })).map(
            (crash) => `${at}: ${crash}`,
          )
        } catch (error) {
          return error instanceof KubernetesTextError ? [] : [`${at}: ${String(error)}`]
        }
      }),
    )
    expect(failed.slice(0, 10)).toEqual([])
  })
})
