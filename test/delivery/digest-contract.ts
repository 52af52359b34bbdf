import { expect, it } from 'vitest'
import type { Outcome, Receiver } from '../../src/delivery/receiver.ts'
import type { Digest } from '../../src/model/incident.ts'
import { LANGUAGES, type Language } from '../../src/model/language.ts'
import { noticeOf } from '../support/notices.ts'
import { blocked } from './diagnoses.ts'

/** Sends the digest to a stand-in of the service, and returns what people or machines see. */
export type SendDigest = (
  digest: Digest,
  fields: { readonly mayRepeat: boolean },
) => Promise<{ readonly receiver: Receiver; readonly outcome: Outcome; readonly seen: string }>

const INCIDENTS = 12
const nameOf = (i: number, length: number): string => `n${i}n${'支付网关'.repeat(length)}`

function digestOf(language: Language, length: number): Digest {
  const lead = blocked(language)
  const clb = lead.loadBalancer
  if (!clb) throw new Error('no CLB')
  const notices = Array.from({ length: INCIDENTS }, (_, i) => {
    const page = `https://clb-doctor.example.com/${'p'.repeat(length * 40)}`
    return noticeOf(
      { ...lead, loadBalancer: { ...clb, id: `lb-${i}`, name: nameOf(i, length) } },
      { incident: { id: `in-${i}` }, pages: { incident: page, acknowledge: page, silence: page } },
    )
  })
  const times = { createdAt: '2026-11-20T00:40:00.000Z', since: '2026-11-20T00:00:00.000Z' }
  return { kind: 'digest', id: 'dg-0000000000000001', language, why: 'limit', ...times, notices }
}

/** What counts as told is what a person can read. */
export function itNamesWhatItTells(send: SendDigest): void {
  it.each(LANGUAGES)('says which of several incidents its message names, in %s', async (language) => {
    for (const length of [0, 4, 12, 80])
      for (const mayRepeat of [false, true]) {
        const digest = digestOf(language, length)
        const { receiver, outcome, seen } = await send(digest, { mayRepeat })
        if (receiver.keepsEach) return
        expect(outcome).toMatchObject({ kind: 'delivered' })
        const all = digest.notices.map(({ incident }) => incident.id)
        const told = receiver.namesIn ? await receiver.namesIn(digest, []) : all
        expect(told.filter((id) => !seen.includes(`n${id.slice('in-'.length)}n`))).toEqual([])
        // A message without the mark of a repeat may have room for more.
        if (mayRepeat) expect(told).toHaveLength(all.filter((_, i) => seen.includes(`n${i}n`)).length)
      }
  })
}
