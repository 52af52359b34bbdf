import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lossesOf } from './losses.ts'
import { OUTPUTS, type Output, untrueOf } from './untrue.ts'

const outputOf = (name: string): Output => {
  const found = OUTPUTS.find((output) => output.name === name)
  if (found === undefined) throw new Error(`no output ${name}`)
  return found
}

const untrueWithout = (name: string, ...lost: readonly string[]): readonly string[] => {
  const output = outputOf(name)
  const losses = lossesOf(output.lines).filter(([what]) => lost.includes(what))
  expect(losses).toHaveLength(lost.length)
  return untrueOf(
    output,
    losses.reduce((lines, [, lose]) => lose(lines), output.lines),
    lost.join(', '),
  )
}

it('every whole output is told right', () => {
  expect(OUTPUTS.length).toBeGreaterThan(300)
  expect(OUTPUTS.flatMap((output) => untrueOf(output, output.lines, 'whole'))).toEqual([])
})

// Each was told as `ok`, or as another cause, because what speaks against it was not read.
it.each([
  ['rp-filter-policy-ok/probe.txt', 'without section policies'],
  ['icmp-rate-limited/probe.txt', 'without sysctl.net.ipv4.icmp_ratemask'],
  ['icmp-rate-limited/probe.txt', 'without sysctl.net.ipv4.icmp_ratelimit'],
  ['own-only/probe.txt', 'without proc-list'],
  ['replies-to-nobody/probe.txt', 'without proc-list'],
  ['replies-to-a-wrong-card/probe.txt', 'without proc-list'],
  ['socket-filter/probe.txt', 'without request'],
  ['listen-127/probe.txt', 'without proc', 'without listen'],
  ['arp-ignored/probe.txt', 'without target'],
  ['arp-ignored/probe.txt', 'without protocol'],
  ['card-down/probe.txt', 'without device'],
  ['card-down/probe.txt', 'without link'],
  ['card-down/probe-busybox.txt', 'without device-list'],
])('%s %s %s says nothing untrue', (name, ...lost) => {
  expect(untrueWithout(name, ...lost)).toEqual([])
})

it('whatever one or two parts are lost, nothing untrue is said', () => {
  const losses = fc.constantFrom(...OUTPUTS).chain((output) => {
    const part = fc.constantFrom(...lossesOf(output.lines))
    return fc.record({ output: fc.constant(output), parts: fc.array(part, { minLength: 1, maxLength: 2 }) })
  })
  fc.assert(
    fc.property(losses, ({ output, parts }) => {
      const left = parts.reduce((lines, [, lose]) => lose(lines), output.lines)
      expect(untrueOf(output, left, parts.map(([what]) => what).join(', '))).toEqual([])
    }),
    { numRuns: 300 },
  )
})
