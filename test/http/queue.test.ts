import { describe, expect, it } from 'vitest'
import { createQueue } from '../../src/http/queue.ts'

interface Job {
  readonly name: string
}

function running(capacity: number, workers: number) {
  const started: string[] = []
  const holds = new Map<string, { free: () => void; finish: () => void }>()
  const queue = createQueue<Job>({
    capacity,
    workers,
    merge: (jobs) => [...new Map(jobs.map((job) => [job.name, job])).values()],
    work: ({ name }, free) =>
      new Promise((finish) => {
        started.push(name)
        holds.set(name, { free, finish })
      }),
  })
  const offer = (...names: string[]) => queue.offer(names.map((name) => ({ name })))
  const finish = async (name: string) => {
    holds.get(name)?.finish()
    await new Promise(setImmediate)
  }
  return { queue, started, offer, finish, free: (name: string) => holds.get(name)?.free() }
}

describe('the queue', () => {
  it('works on a fixed number of jobs at a time, in order of arrival', async () => {
    const { started, offer, finish } = running(10, 2)
    offer('a', 'b', 'c')
    expect(started).toEqual(['a', 'b'])
    await finish('b')
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('accepts or refuses an offer as a whole', async () => {
    const { started, offer, finish } = running(3, 1)
    expect([offer('a', 'b'), offer('c', 'd'), offer('c')]).toEqual([true, false, true])
    for (const name of ['a', 'b', 'c']) await finish(name)
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('merges a job with an equal job that waits, but not with one that has started', () => {
    const { started, offer, finish } = running(3, 1)
    for (let i = 0; i < 300; i++) expect(offer('a')).toBe(true)
    void finish('a')
    return expect.poll(() => started).toEqual(['a', 'a'])
  })

  it('starts the next job when a job frees its worker, and counts the freed job until it ends', async () => {
    const { started, offer, free, finish, queue } = running(2, 1)
    offer('a', 'b')
    free('a')
    expect(started).toEqual(['a', 'b'])
    expect(offer('c')).toBe(false)
    let drained = false
    const drain = queue.drain().then(() => {
      drained = true
    })
    await finish('b')
    expect(drained).toBe(false)
    await finish('a')
    await drain
    expect(offer('d')).toBe(false)
  })
})
