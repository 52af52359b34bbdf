import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GuestCheck } from '../../src/guest/index.ts'
import type { GuestOutcome } from '../../src/model/guest.ts'
import { lossesOf } from './losses.ts'
import { check, evaluatedProbe, outcomeIn } from './recordings.ts'

// Outputs of guest/probe.sh that were recorded live, whole and with parts lost: nothing that is said may be untrue, and an
// unknown outcome comes with its reason.

const FOLDER = new URL('../fixtures/probe/', import.meta.url)
const SOURCES = ['100.64.0.5', '100.127.200.9', '10.0.0.10'] as const

interface Truth {
  readonly meets: GuestOutcome
  readonly code: string | null
  readonly check?: Partial<GuestCheck>
}

const CODES_2XX_3XX = 6
const TRUTHS: Readonly<Record<string, Truth>> = {
  healthy: { meets: 'ok', code: null },
  'service-down': { meets: 'refused', code: 'guest-port/not-listening' },
  'listen-one-device': { meets: 'refused', code: 'guest-port/other-address' },
  'tls-only': {
    meets: 'wrong-answer',
    code: 'guest-http/tls-mismatch',
    check: { httpCodes: CODES_2XX_3XX },
  },
  'head-405': {
    meets: 'wrong-answer',
    code: 'guest-http/head-not-supported',
    check: { httpCodes: CODES_2XX_3XX, method: 'HEAD' },
  },
  'ipt-redirect-ok': { meets: 'ok', code: null, check: { kind: 'tcp' } },
  'rp-filter-policy-ok': { meets: 'ok', code: null },
  'k8s-ip-forward-0': { meets: 'timeout', code: 'guest-forwarding/ip-forward-off', check: { port: 30_080 } },
  'process-stopped': { meets: 'http-timeout', code: 'guest-http/too-slow' },
  'accept-queue-full': { meets: 'timeout', code: 'guest-port/backlog-full' },
}

const recordings = readdirSync(FOLDER).flatMap((file) => {
  const truth = TRUTHS[file.replace(/(?:\.busybox)?\.txt$/, '')]
  return truth === undefined
    ? []
    : [{ file, ...truth, lines: readFileSync(new URL(file, FOLDER), 'utf8').split('\n') }]
})
type Recorded = (typeof recordings)[number]

const evaluated = (of: Recorded, lines: readonly string[]) =>
  evaluatedProbe(lines.join('\n'), check(80, { timeoutSeconds: 2, ...of.check }), ...SOURCES)

function expectNothingWrong(of: Recorded, lines: readonly string[], what: string): void {
  const evaluation = evaluated(of, lines)
  const outcomes = SOURCES.map((source) => outcomeIn(evaluation, source))
  const at = `${of.file}, ${what}`
  for (const outcome of outcomes) expect([of.meets, 'unknown'], at).toContain(outcome)
  if (outcomes.includes('unknown')) expect(evaluation.notSeen, at).not.toEqual([])
  const sure = evaluation.reasons.filter(({ certainty }) => certainty !== 'possible')
  for (const { code } of sure) expect(code, at).toBe(of.code)
}

describe.each(recordings)('of $file', (of) => {
  it('the whole output is told right', () => expectNothingWrong(of, of.lines, 'whole'))

  it('every loss leaves the outcome true or unknown, and the unknown explained', () => {
    for (const [what, lose] of lossesOf(of.lines)) expectNothingWrong(of, lose(of.lines), what)
  })

  it('every cut does', () => {
    for (let length = 5; length < of.lines.length; length += 5)
      expectNothingWrong(of, of.lines.slice(0, length), `cut at ${length}`)
  })
})

it('two losses at one time leave every outcome true or unknown', () => {
  const cases = fc.constantFrom(...recordings).chain((of) => {
    const loss = fc.constantFrom(...lossesOf(of.lines))
    return fc.record({ of: fc.constant(of), one: loss, other: loss })
  })
  fc.assert(
    fc.property(cases, ({ of, one: [what, lose], other: [more, loseMore] }) =>
      expectNothingWrong(of, loseMore(lose(of.lines)), `${what}, ${more}`),
    ),
    { numRuns: 300 },
  )
})

const named = (file: string, edit: (text: string) => string = (text) => text) => {
  const of = recordings.find((one) => one.file === file)
  if (of === undefined) throw new Error(`no recording ${file}`)
  return evaluated(of, edit(of.lines.join('\n')).split('\n'))
}
const codesIn = (...args: Parameters<typeof named>) =>
  named(...args).reasons.map(({ code, certainty }) => `${code} ${certainty}`)

describe('with BusyBox alone', () => {
  const answering = (line: string) => (text: string) => text.replace(/^request=.*$/m, line)
  const GREETING = 'request=nc https - 10.0.1.16 80 near 3000 0 3010'

  it('a status that another method or TLS would explain is no cause for sure', () => {
    expect(codesIn('tls-only.busybox.txt')).toEqual(['guest-http/status-mismatch possible'])
    expect(codesIn('head-405.busybox.txt')).toEqual(['guest-http/head-not-supported possible'])
  })

  it('an answer in TLS to a ClientHello names the protocol', () => {
    const lines = `request=nc http GET 10.0.1.16 80 own 2000 0 10 connected HTTP/1.1 400 Bad Request\n${GREETING} 15030300020228`
    expect(codesIn('tls-only.busybox.txt', answering(lines))).toEqual(['guest-http/tls-mismatch certain'])
  })

  it('an answer in plain text to a ClientHello leaves the status as the cause', () => {
    const lines = `request=nc http GET 10.0.1.16 80 own 2000 0 10 connected HTTP/1.1 400 Bad Request\n${GREETING} 485454502f312e3120343030`
    expect(codesIn('tls-only.busybox.txt', answering(lines))).toEqual(['guest-http/status-mismatch certain'])
  })

  it('GET that is answered names HEAD', () => {
    const lines = [
      'request=nc http HEAD 10.0.1.16 80 own 2000 0 10 connected HTTP/1.1 405 Not Allowed',
      'request=nc http GET 10.0.1.16 80 near 2000 0 10 connected HTTP/1.1 200 OK',
      `${GREETING} 485454502f312e3120343030`,
    ]
    expect(codesIn('head-405.busybox.txt', answering(lines.join('\n')))).toEqual([
      'guest-http/head-not-supported certain',
    ])
  })

  it.each([
    ['silence', '137 3020 connected', 'guest-http/too-slow likely'],
    ['a connection that ends', '0 10 connected', 'guest-http/refused possible'],
    ['an answer that comes late', '0 2600 connected HTTP/1.1 200 OK', 'guest-http/too-slow likely'],
  ])('%s is told from the other ends', (_, end, code) => {
    const line = `request=nc http GET 10.0.1.16 80 own 2000 ${end}`
    expect(codesIn('tls-only.busybox.txt', answering(line))).toEqual([code])
  })
})

describe('a full queue with BusyBox alone', () => {
  const FULL = 'accept-queue-full.busybox.txt'
  const still = (text: string) =>
    text.replace(/^count2\.ListenOverflows=.*$/m, (line) => line.replace(/\d+$/, '0'))
  const noneGrow = (text: string) =>
    still(text).replace(/^count1\.ListenOverflows=.*$/m, 'count1.ListenOverflows=0')
  const unasked = (text: string) => text.replace(/^request=.*\n/gm, '')
  const open = (text: string) =>
    text.replace(/^request=.*$/m, 'request=nc http GET 10.0.1.16 80 own 2000 0 10 connected HTTP/1.1 200 OK')

  it('is likely by connections that wait, a counter that grows and silence together', () => {
    const { reasons, parts } = named(FULL)
    expect(reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['guest-port/backlog-full', 'likely'],
    ])
    expect(reasons[0]?.decidedBy).toBe('0.0.0.0:80: Recv-Q 2, ListenOverflows +96')
    // A filter that was not read may answer before.
    expect(parts.map(({ outcome }) => outcome)).toEqual(['unknown'])
  })

  it.each([
    ['the counter does not grow', noneGrow],
    ['nobody has asked', unasked],
  ])('is possible where %s', (_, edit) => {
    expect(codesIn(FULL, edit)).toEqual(['guest-port/backlog-full possible'])
    expect(outcomeIn(named(FULL, edit), SOURCES[0])).toBe('unknown')
  })

  it('is not named by one sign, or where the machine itself is answered', () => {
    expect(codesIn(FULL, (text) => unasked(noneGrow(text)))).toEqual([])
    expect(codesIn(FULL, open)).toEqual([])
  })
})

describe('the list of sockets', () => {
  it('is not whole if its rows are gone', () => {
    const lost = (text: string) => text.replace(/^listen.*\n/gm, '')
    expect(outcomeIn(named('ipt-redirect-ok.txt'), SOURCES[0])).toBe('ok')
    expect(outcomeIn(named('ipt-redirect-ok.txt', lost), SOURCES[0])).toBe('unknown')
  })

  it('is not whole if it has fewer rows than it says', () => {
    const counted = (rows: number) => (text: string) =>
      text.replace('listen-list=ss', `listen-list=ss ${rows}`)
    const { length } = named('service-down.txt').facts.listening ?? []
    expect(codesIn('service-down.txt', counted(length))).toEqual(['guest-port/not-listening certain'])
    expect(codesIn('service-down.txt', counted(length + 7))).toEqual(['guest-port/not-listening possible'])
  })

  it('is that of /proc only where the probe says so', () => {
    const ofProc = (extent: string) => (text: string) =>
      text.replace(/^listen.*\n/gm, '').replace('proc-list=tcp\n', `proc-list=tcp ${extent} 0\n`)
    expect(codesIn('service-down.txt', ofProc('all'))).toEqual(['guest-port/not-listening certain'])
    expect(codesIn('service-down.txt', ofProc('port'))).not.toContain('guest-port/not-listening certain')
  })
})

it('a stopped process is named with its name and its PIDs', () => {
  const [reason] = named('process-stopped.txt').reasons
  expect(reason?.code).toBe('guest-http/too-slow')
  expect(reason?.params).toMatchObject({ state: 'T', process: 'nginx', pids: ['12396', '12395', '12345'] })
})

it('a process that was left out may run', () => {
  const left = (text: string) => text.replace('process.12345=T\n', 'left-out=process 1\n')
  const [reason] = named('process-stopped.txt', left).reasons
  expect(reason?.params).not.toHaveProperty('state')
})
