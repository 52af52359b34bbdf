import { type Fact, ok } from '../../src/model/fact.ts'
import type { Entry, KindName, Known, Moment, Root, Values } from '../../src/snapshot/known.ts'
import { KINDS } from '../../src/snapshot/needs.ts'

const MOMENT: Moment = {
  takenAt: '2026-11-20T00:00:00.000Z',
  alarmedAt: null,
  isFiring: false,
  recoveredAt: null,
  patience: async () => {},
}

/** One CLB, named by its id. */
export const CLB: Extract<Root, { of: 'clb' }> = {
  of: 'clb',
  reference: { loadBalancerId: 'lb-1', vip: null, vpcId: null, numericVpcId: null },
  region: 'ap-guangzhou',
  moment: MOMENT,
  given: null,
}

type Given = { readonly [K in KindName]?: Readonly<Record<string, Entry<Values[K]>>> }

/** The known facts. A fact that is left out has no answer yet. */
export const knownOf = (facts: Given, root: Root = CLB, rootDepth = 0): Known =>
  ({
    root,
    rootDepth,
    ...Object.fromEntries(KINDS.map((kind) => [kind, new Map(Object.entries(facts[kind] ?? {}))])),
  }) as unknown as Known

export const entry = <T>(value: T, depth: number): Entry<T> => ({ fact: ok(value), depth })

export const denied = (depth: number): Entry<never> => ({
  fact: {
    state: 'denied',
    failure: { problem: 'denied', action: 'x:Y', code: 'UnauthorizedOperation', message: 'no' },
  } satisfies Fact<never>,
  depth,
})
