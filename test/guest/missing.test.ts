import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains } from '../../src/rules/index.ts'
import {
  CAUSES,
  check,
  evaluated,
  type Files,
  FOLDERS,
  folder,
  outcomeIn,
  outcomeOf,
  portOf,
  set,
} from './recordings.ts'

const PROBER = '100.64.0.5'

// A layer that was not read is never taken for clean: whatever is missing of a folder, its outcomes are the true ones or
// unknown, and nothing is certain that is not so.

const without = (files: Files, isLeft: (name: string) => boolean): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => isLeft(name)))

function expectNothingWrong(name: string, files: Files): void {
  const { truth } = folder(name)
  const of = check(portOf(name))
  const left = Object.keys(files).join(' ')
  const evaluation = evaluated(files, of, ...truth.map(({ src }) => src))
  for (const met of truth) {
    const outcome = outcomeIn(evaluation, met.src)
    expect([outcomeOf(met), 'unknown'], `${name}, ${met.src}, with ${left}`).toContain(outcome)
    const certain = evaluation.reasons.filter(
      ({ certainty, sources }) => certainty === 'certain' && contains(sources, set(met.src)),
    )
    if (outcomeOf(met) === 'ok') expect(certain).toEqual([])
    for (const { code } of certain) expect(code, `${name} with ${left}`).toBe(CAUSES[name])
    if (outcome === 'unknown') expect(evaluation.notSeen).not.toEqual([])
  }
}

/** What there is without a package of tools. */
const TOOLS = {
  'iptables and ip6tables': /^ip6?tables/,
  nft: /^nft/,
  ss: /^ss/,
  'ss and netstat': /^(?:ss|netstat|busybox-netstat)/,
  'every list of sockets': /^(?:ss|netstat|busybox-netstat|proc-net)/,
  curl: /^curl/,
  'every request': /^(?:curl|gnu-wget|busybox-wget|busybox-nc)/,
  iproute2: /^(?:ip-|ss|tc)/,
  'all routes': /^ip-r/,
  devices: /^ip-addr/,
  tc: /^tc/,
  sysctl: /^(?:sysctl|conntrack)/,
  conntrack: /^conntrack/,
  'all but BusyBox and /proc': /^(?!busybox|proc-net)/,
  'all but /proc': /^(?!proc-net)/,
} as const

describe.each(Object.entries(TOOLS))('without %s', (_, tool) => {
  it.each(FOLDERS)('the outcomes of %s are true or unknown', (name) => {
    expectNothingWrong(
      name,
      without(folder(name).files, (file) => !tool.test(file)),
    )
  })
})

it.each(FOLDERS)('without any one file of %s its outcomes are true or unknown', (name) => {
  const { files } = folder(name)
  for (const left of Object.keys(files))
    expectNothingWrong(
      name,
      without(files, (file) => file !== left),
    )
})

it('with any files of a folder its outcomes are true or unknown', () => {
  const cases = fc
    .constantFrom(...FOLDERS)
    .chain((name) =>
      fc.record({ name: fc.constant(name), left: fc.subarray(Object.keys(folder(name).files)) }),
    )
  fc.assert(
    fc.property(cases, ({ name, left }) =>
      expectNothingWrong(
        name,
        without(folder(name).files, (file) => left.includes(file)),
      ),
    ),
    { numRuns: 200 },
  )
})

it('with files that end early its outcomes are true or unknown', () => {
  const cases = fc.constantFrom(...FOLDERS).chain((name) =>
    fc.constantFrom(...Object.keys(folder(name).files)).chain((file) =>
      fc.record({
        name: fc.constant(name),
        file: fc.constant(file),
        length: fc.nat({ max: folder(name).files[file]?.length ?? 0 }),
      }),
    ),
  )
  fc.assert(
    fc.property(cases, ({ name, file, length }) => {
      const { files } = folder(name)
      expectNothingWrong(name, { ...files, [file]: (files[file] ?? '').slice(0, length) })
    }),
    { numRuns: 200 },
  )
})

describe('with /proc alone', () => {
  it.each(['service-down', 'listen-127', 'listen-other-ip', 'listen-other-port'])(
    '%s is still named',
    (name) => {
      const files = without(folder(name).files, (file) => file.startsWith('proc-net'))
      const { reasons } = evaluated(files, check(80), '100.64.0.0/10')
      expect(reasons.map(({ code, certainty }) => [code, certainty])).toEqual([[CAUSES[name], 'possible']])
    },
  )
})

describe('a port without a socket, and the table nat was not read', () => {
  const FILTERS = /^(?:ip6?tables|nft)/
  const withoutFilters = (recording: string) =>
    Object.fromEntries(Object.entries(folder(recording).files).filter(([name]) => !FILTERS.test(name)))

  it('may be sent on by a rule: of a usual port nothing is more than possible', () => {
    const evaluation = evaluated(withoutFilters('service-down'), check(80), PROBER)
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.reasons.map(({ code, certainty }) => [code, certainty])).toEqual([
      ['guest-port/not-listening', 'possible'],
    ])
  })

  it('of a NodePort nothing is said: kube-proxy needs no socket', () => {
    const evaluation = evaluated(withoutFilters('k8s-no-endpoints'), check(30080), PROBER)
    expect(outcomeIn(evaluation, PROBER)).toBe('unknown')
    expect(evaluation.reasons).toEqual([])
  })
})
