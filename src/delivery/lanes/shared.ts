import type { Address, Means } from '../address.ts'
import type { Window } from '../receiver.ts'
import type { NamedReceiver } from './lane.ts'

/** Connects receivers. Those of one limit, for example two projects with one login, have equal parts of it. */
export function connected(
  addresses: readonly { readonly name: string; readonly address: Address }[],
  means: Means,
): readonly NamedReceiver[] {
  return addresses.map(({ name, address }) => {
    const receiver = address.connect(means)
    const { windows } = receiver
    const limit = address.limit?.reveal()
    const count = addresses.filter((other) => other.address.limit?.reveal() === limit).length
    if (limit === undefined || windows === undefined || count < 2) return { name, receiver }
    return { name, receiver: { ...receiver, windows: windows.map((window) => partOf(window, count)) } }
  })
}

/** If there is not one message for each, each sends one less often. */
const partOf = ({ most, perMs }: Window, count: number): Window =>
  most >= count
    ? { most: Math.floor(most / count), perMs }
    : { most: 1, perMs: Math.ceil((perMs * count) / most) }
