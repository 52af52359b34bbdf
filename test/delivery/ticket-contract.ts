import { describe, expect, it } from 'vitest'
import type { Delivery, Outcome, Receiver } from '../../src/delivery/receiver.ts'
import type { IncidentNotice, IncidentView, News, TestMessage } from '../../src/model/incident.ts'
import { noticeOf } from '../support/notices.ts'
import type { Now } from '../support/receivers/stand-in.ts'
import type { TicketStandIn } from '../support/receivers/tickets.ts'
import { row, scanOfRows } from '../support/scans.ts'
import { delivery } from './contract.ts'
import { blocked } from './diagnoses.ts'
import { EVIL, hostile, INVISIBLE, noteOf, receiverOf, type Sent } from './http-contract.ts'

/** A receiver of tickets, with a strict stand-in of its service. */
export interface TicketSubject {
  readonly name: string
  standIn(now: Now): Promise<TicketStandIn>
  standInAddress(url: string, more?: string): string
  /** A status that counts as done, and one that does not. */
  readonly statuses: { readonly done: string; readonly open: string }
  /** The links that it shows of a text, and what must not stand in one. */
  linksIn(text: string): readonly string[]
}

const INCIDENT = 'in-0000000000000001'

export const about = (
  news: readonly News[],
  incident: Partial<IncidentView> = {},
  fields: Partial<IncidentNotice> = {},
) =>
  noticeOf(blocked(), {
    news,
    incident,
    change: { dead: { before: 1, now: 3 }, joined: [], recovered: [] },
    ...fields,
  })

/** Makes nothing. */
export const TEST: TestMessage = {
  kind: 'test',
  id: 'te-0000000000000001',
  createdAt: '2026-11-20T00:00:00.000Z',
  language: 'en',
  receiver: 'tickets',
}

/** Longer than a search lags on most days, and shorter than clb-doctor waits. */
const LATE_MS = 100_000
/** So long after a creation whose answer was lost no other ticket may be made. */
const LEAST_WAIT_MS = 120_000

interface Rig {
  readonly service: TicketStandIn
  readonly receiver: Receiver
  /** Every request. */
  readonly requests: readonly Sent[]
  now(): number
  wait(ms: number): void
  send(message: Delivery['message'], fields?: Partial<Delivery>): Promise<Outcome>
}

export async function withTickets(
  subject: Pick<TicketSubject, 'standIn' | 'standInAddress'>,
  use: (rig: Rig) => Promise<void>,
  more = '',
): Promise<void> {
  let now = 1_800_000_000_000
  const sent: Sent[] = []
  const service = await subject.standIn(() => now)
  const receiver = receiverOf(subject.standInAddress(service.url, more), () => now, sent)
  try {
    await use({
      service,
      receiver,
      requests: sent,
      now: () => now,
      wait: (ms) => {
        now += ms
      },
      send: (message, fields = {}) =>
        receiver.send(delivery(1, { message, threadId: INCIDENT, ...fields }), AbortSignal.timeout(5_000)),
    })
  } finally {
    await service.close()
  }
}

export const referenceOf = (outcome: Outcome): string => {
  if (outcome.kind !== 'delivered' || !outcome.reference) throw new Error(JSON.stringify(outcome))
  return outcome.reference
}

const waitIn = (outcome: Outcome): number => (outcome.kind === 'retry' ? outcome.afterMs : 0)

/** The suite of every receiver of tickets. */
export function everyTicketReceiver(subject: TicketSubject): void {
  const run = (use: (rig: Rig) => Promise<void>) => withTickets(subject, use)

  describe(`${subject.name}, as every receiver of tickets`, () => {
    it('keeps each incident by itself, and searches before it makes a second ticket', () =>
      run(async ({ receiver }) => {
        expect(receiver).toMatchObject({ keepsEach: true, idempotent: true })
        expect(receiver.windows?.length).toBeGreaterThan(0)
      }))

    itLivesWithItsIncident(subject, run)
    itMakesNoSecondTicket(run)
    itLeavesPeopleTheirTickets(subject, run)
    itKeepsTroubleInATicket(subject, run)

    it('makes nothing for a test message and for a scan, and a ticket for a word to the operator', () =>
      run(async ({ service, send, requests }) => {
        expect(await send(TEST)).toMatchObject({ kind: 'delivered', isCheck: true })
        expect(requests.map(({ body }) => body)).toEqual(['', ''])
        expect(await send(scanOfRows('en', [row(1)]))).toEqual({
          kind: 'delivered',
          reason: 'a scan makes no ticket',
        })
        expect(requests).toHaveLength(2)
        expect(service.tickets).toEqual([])
        await send(noteOf(['wecom-1 refuses']), { threadId: 'on-0000000000000001' })
        expect(service.tickets).toMatchObject([{ text: expect.stringContaining('wecom-1 refuses') }])
      }))

    it.each(EVIL)('shows a name as text, never as a link or a mention: %j', (name) =>
      run(async ({ service, send }) => {
        const key = referenceOf(await send(hostile(name)))
        await send(noticeOf(hostile(name), { news: ['worse'] }), { reference: key })
        const [ticket] = service.tickets
        expect(ticket?.comments).toHaveLength(1)
        for (const text of [ticket?.text ?? '', ...(ticket?.comments ?? [])]) {
          expect(subject.linksIn(text).filter((link) => !link.startsWith('https://console.'))).toEqual([])
          expect(text).not.toMatch(INVISIBLE)
        }
        expect(service.shown.flatMap(({ mentions }) => mentions)).toEqual([])
      }),
    )
  })
}

type Run = (use: (rig: Rig) => Promise<void>) => Promise<void>

function itLivesWithItsIncident({ statuses }: TicketSubject, run: Run): void {
  it('makes one ticket, comments on news, ends it on recovery and opens it again', () =>
    run(async ({ service, send }) => {
      const first = await send(about(['first']))
      const reference = referenceOf(first)
      expect(first).toMatchObject({ ticket: expect.stringContaining(reference) })
      const [ticket] = service.tickets
      expect(ticket).toMatchObject({ labels: [`clb-doctor-${INCIDENT}`], isDone: false, comments: [] })
      expect(ticket?.title).toContain('[clb-doctor]')
      expect(ticket?.text).toContain('sg-closed')

      const worse = await send(about(['worse'], { state: 'updated' }), { reference })
      expect(worse).toMatchObject({ kind: 'delivered', reference })
      expect(ticket?.comments).toHaveLength(1)
      expect(ticket?.comments[0]).toMatch(/1.+3/)
      expect((ticket?.comments[0] ?? '').length).toBeLessThan((ticket?.text ?? '').length / 2)

      const over = about(['recovered'], { state: 'recovered' }, { durationSeconds: 600 })
      expect(await send(over, { reference })).toEqual({ ...worse })
      expect(ticket).toMatchObject({ isDone: true, status: statuses.done })

      await send(about(['reopened'], { state: 'updated', reopened: 1 }), { reference })
      expect(ticket).toMatchObject({ isDone: false, status: statuses.open })
      expect(ticket?.comments).toHaveLength(3)
      expect(service.tickets).toHaveLength(1)
    }))

  it('gives a ticket that comes too late its end at once', () =>
    run(async ({ service, send }) => {
      await send(about(['recovered', 'first'], { state: 'recovered' }))
      expect(service.tickets).toMatchObject([{ isDone: true }])
    }))

  it('closes the ticket of an incident that became a part of another one, with a link to it', () =>
    run(async ({ service, send }) => {
      const reference = referenceOf(await send(about(['first'])))
      const merged = about(['changed'], { state: 'closed', mergedInto: 'in-00000000000000aa' })
      await send(merged, { reference })
      expect(service.tickets).toMatchObject([{ isDone: true }])
      expect(service.tickets[0]?.comments).toEqual([expect.stringContaining('in-00000000000000aa')])
      expect(await send(merged, { threadId: 'in-0000000000000002' })).toMatchObject({ kind: 'delivered' })
      expect(service.tickets).toHaveLength(1)
    }))
}

function itMakesNoSecondTicket(run: Run): void {
  it('makes no second ticket if the answer to the first was lost and a search shows it late', () =>
    run(async ({ service, send, wait, now, requests }) => {
      service.loseAnswers(1)
      service.showLate(LATE_MS)
      const triedAt = now()
      expect(await send(about(['first']))).toMatchObject({ kind: 'unknown' })
      expect(service.tickets).toHaveLength(1)
      const again = { attempt: 2, mayRepeat: true, triedAt }
      for (let i = 0; i < 50; i++) {
        const outcome = await send(about(['first']), again)
        expect(service.tickets).toHaveLength(1)
        if (outcome.kind === 'delivered') {
          expect(outcome.reference).toBe(service.tickets[0]?.key.replace('#', ''))
          expect(service.tickets[0]?.comments).toEqual([])
          expect(requests.length, 'searches come at growing intervals').toBeLessThan(12)
          return
        }
        expect(outcome).toMatchObject({ kind: 'retry', isUntried: true, isOwn: true })
        wait(waitIn(outcome))
      }
      throw new Error('the ticket was never found')
    }))

  it('makes the ticket if nothing of the first attempt arrived, after a search that would show it', () =>
    run(async ({ service, send, wait, now }) => {
      const triedAt = now()
      const again = { attempt: 2, mayRepeat: true, triedAt }
      let outcome = await send(about(['first']), again)
      for (let i = 0; i < 20 && outcome.kind === 'retry'; i++) {
        expect(outcome).toMatchObject({ isUntried: true, isOwn: true })
        expect(service.tickets).toEqual([])
        wait(waitIn(outcome))
        outcome = await send(about(['first']), again)
      }
      expect(outcome).toMatchObject({ kind: 'delivered' })
      expect(now() - triedAt).toBeGreaterThanOrEqual(LEAST_WAIT_MS)
      expect(service.tickets).toHaveLength(1)
    }))

  it('says of a comment that may stand there already that it may be a repeat', () =>
    run(async ({ service, send, now }) => {
      const reference = referenceOf(await send(about(['first'])))
      service.loseAnswers(1)
      expect(await send(about(['worse']), { reference })).toMatchObject({ kind: 'unknown' })
      await send(about(['worse']), { reference, mayRepeat: true, triedAt: now() })
      const marks = service.tickets[0]?.comments.map((text) => text.includes('可能是重复消息'))
      expect(marks).toEqual([false, true])
    }))
}

function itLeavesPeopleTheirTickets({ statuses }: TicketSubject, run: Run): void {
  it('comments on a ticket that a person closed, and leaves it closed while the trouble lasts', () =>
    run(async ({ service, send }) => {
      const reference = referenceOf(await send(about(['first'])))
      service.setStatus(reference, statuses.done)
      await send(about(['worse']), { reference })
      await send(about(['recovered'], { state: 'recovered' }), { reference })
      expect(service.tickets).toMatchObject([
        { isDone: true, comments: [expect.any(String), expect.any(String)] },
      ])
    }))

  it('makes no ticket in the place of one that a person deleted if the trouble is over', () =>
    run(async ({ service, send }) => {
      const reference = referenceOf(await send(about(['first'])))
      service.remove(reference)
      const over = await send(about(['recovered'], { state: 'recovered' }), { reference })
      expect(over).toEqual({
        kind: 'delivered',
        reference,
        reason: expect.stringMatching(/was deleted, .*; there is nothing left to close$/),
      })
      expect(service.tickets).toEqual([])
    }))
}

function itKeepsTroubleInATicket({ statuses }: TicketSubject, run: Run): void {
  it('makes one in the place of one that a person deleted while the trouble lasts, and goes on with that', () =>
    run(async ({ service, send }) => {
      const old = referenceOf(await send(about(['first'])))
      service.remove(old)
      const outcome = await send(about(['worse'], { state: 'updated' }), { reference: old })
      const [ticket] = service.tickets
      expect(outcome).toEqual({
        kind: 'delivered',
        reference: expect.not.stringMatching(new RegExp(`^${old}$`)),
        ticket: expect.stringContaining(ticket?.key ?? ''),
        reason: expect.stringMatching(/^the ticket #?[\w-]+ was deleted, .*; #?[\w-]+ was made in its place/),
      })
      expect(ticket).toMatchObject({
        labels: [`clb-doctor-${INCIDENT}`],
        text: expect.stringContaining('sg-closed'),
        comments: [],
        isDone: false,
      })
      const reference = referenceOf(outcome)
      const next = await send(about(['worse'], { state: 'updated' }), { reference })
      expect(next).toMatchObject({ kind: 'delivered', reference })
      expect(next).not.toHaveProperty('reason')
      await send(about(['recovered'], { state: 'recovered' }), { reference })
      expect(service.tickets).toMatchObject([
        { isDone: true, status: statuses.done, comments: [expect.any(String), expect.any(String)] },
      ])
    }))

  it('makes no third one, and says that nobody was told', () =>
    run(async ({ service, send }) => {
      const old = referenceOf(await send(about(['first'])))
      service.remove(old)
      const reference = referenceOf(await send(about(['worse']), { reference: old }))
      service.remove(service.tickets[0]?.key ?? '')
      expect(await send(about(['worse']), { reference })).toMatchObject({
        kind: 'permanent',
        reason: expect.stringMatching(/was deleted, .* no third one is made/),
      })
      expect(service.tickets).toEqual([])
      const over = await send(about(['recovered'], { state: 'recovered' }), { reference })
      expect(over).toMatchObject({
        kind: 'delivered',
        reason: expect.stringContaining('nothing left to close'),
      })
    }))

  it('makes one in its place and no more if the answer was lost and a search still shows the old one', () =>
    run(async ({ service, send, wait, now }) => {
      const old = referenceOf(await send(about(['first'])))
      service.showLate(LATE_MS)
      wait(LATE_MS)
      service.remove(old)
      service.loseAnswers(1)
      const triedAt = now()
      expect(await send(about(['worse']), { reference: old })).toMatchObject({ kind: 'unknown' })
      expect(service.tickets).toHaveLength(1)
      for (let i = 0; i < 50; i++) {
        const outcome = await send(about(['worse']), { reference: old, attempt: 2, mayRepeat: true, triedAt })
        expect(service.tickets).toHaveLength(1)
        if (outcome.kind === 'delivered') {
          expect(outcome.ticket).toContain(service.tickets[0]?.key)
          expect(service.tickets[0]?.comments).toEqual([expect.stringContaining('可能是重复消息')])
          return
        }
        expect(outcome).toMatchObject({ kind: 'retry', isUntried: true, isOwn: true })
        wait(waitIn(outcome))
      }
      throw new Error('the ticket was never found')
    }))
}
