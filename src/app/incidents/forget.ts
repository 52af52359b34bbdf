import type { AppContext } from '../context.ts'
import type { Collection } from './records.ts'

/** How many records a process keeps that has nothing but its memory. A diagnosis is some 50 KB. */
const MOST: Readonly<Record<Exclude<Collection, 'looks' | 'wake'>, number>> = {
  diagnoses: 60,
  incidents: 300,
  clbs: 600,
  causes: 300,
  messages: 20,
  subjects: 300,
  references: 300,
  refusals: 100,
  heard: 600,
  states: 600,
  closed: 300,
  superseded: 60,
  refused: 50,
}

/** Removes the oldest records, so that a warm function does not fill its memory. */
export async function forgetOldest({ store }: Pick<AppContext, 'store'>): Promise<void> {
  for (const [collection, most] of Object.entries(MOST)) {
    const excess = (await store.count(collection)) - most
    if (excess <= 0) continue
    const oldest = await store.list(collection, { limit: excess })
    const wakes = collection === 'incidents' ? oldest.map(({ id }) => ({ collection: 'wake', id })) : []
    await store.write({ remove: [...oldest.map(({ id }) => ({ collection, id })), ...wakes] })
  }
}
