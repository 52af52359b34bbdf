import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { check, evaluatedProbe } from './recordings.ts'

// When does the counter of a rule for everybody move for the probes? Scanners and other clients move it, too.

const OUTPUT = readFileSync(new URL('../fixtures/probe/ipt-drop-100-64.txt', import.meta.url), 'utf8')
const PROBER = '100.64.0.5'
const FOR_EVERYBODY = '-A INPUT -j DROP'
const OF_PROBERS_ON_THE_PORT = '-A INPUT -s 100.64.0.0/10 -p tcp -m tcp --dport 80 -j DROP'

/** One later sample: the seconds since the first, and the packets of the rule until then. */
interface Later {
  readonly after: number
  readonly packets: number | 'changed'
}

/** The recorded output with this rule in place of its own, which had counted 30 packets first. */
function output(rule: string, later: readonly Later[]): string {
  const facts = later.map(({ after }, i) => (i === 0 ? `sample-after=${after}` : `third-after=${after}`))
  const sections = later.flatMap(({ packets }, i) => {
    const name = i === 0 ? 'moved' : 'again'
    const moved = packets === 'changed' ? ['changed'] : packets === 30 ? [] : [`5 ${packets}:${packets * 60}`]
    return [
      `== ${name}-iptables ${moved.length}`,
      ...moved,
      `== ${name}-iptables-legacy 0`,
      `== ${name}-nft 0`,
    ]
  })
  return OUTPUT.replace(/^sample-after=.*\n/gm, '')
    .replace(/^second=.*\n/gm, '')
    .replace(/^\[30:1800\] .*$/m, `[30:1800] ${rule}`)
    .replace(/^== moved-iptables 1\n[\s\S]*(?=^clb-doctor-probe end)/m, `${sections.join('\n')}\n`)
    .replace(/^== policies/m, `${facts.join('\n')}\nsecond=yes\n== policies`)
}

function dropOf(rule: string, later: readonly Later[], intervalSeconds = 5) {
  const { reasons } = evaluatedProbe(output(rule, later), check(80, { intervalSeconds }), PROBER)
  const [drop] = reasons.filter(({ code }) => code === 'guest-firewall/probe-dropped')
  return { certainty: drop?.certainty, isMoving: drop?.isMoving, moved: drop?.params.moved }
}

describe('a rule that drops everybody', () => {
  it('moves for the probes if it counts in each of two spans of one interval', () => {
    expect(
      dropOf(FOR_EVERYBODY, [
        { after: 5.1, packets: 33 },
        { after: 10.3, packets: 36 },
      ]),
    ).toEqual({ certainty: 'likely', isMoving: true, moved: 6 })
  })

  it.each([
    ['in the first span alone', 40, 40],
    ['in the second span alone', 30, 40],
  ])('may have met a scanner if it counts %s', (_, second, third) => {
    const drop = dropOf(FOR_EVERYBODY, [
      { after: 5.1, packets: second },
      { after: 10.3, packets: third },
    ])
    expect(drop).toEqual({ certainty: 'likely', isMoving: false, moved: 10 })
  })

  it('may have met a scanner if only one span was counted', () => {
    expect(dropOf(FOR_EVERYBODY, [{ after: 5.1, packets: 40 }])).toMatchObject({ isMoving: false, moved: 10 })
  })

  it('counts less often than probes come if a long span has one packet', () => {
    const drop = dropOf(FOR_EVERYBODY, [
      { after: 10.4, packets: 31 },
      { after: 20.7, packets: 32 },
    ])
    expect(drop.isMoving).toBe(false)
  })

  it('tells nothing if a span is shorter than the interval of the check', () => {
    const late = [
      { after: 15.1, packets: 34 },
      { after: 30.2, packets: 38 },
    ]
    expect(dropOf(FOR_EVERYBODY, late, 15).isMoving).toBe(true)
    expect(dropOf(FOR_EVERYBODY, late, 30).isMoving).toBe(false)
  })

  it('counts as seen twice if the list changed before the third sample', () => {
    const drop = dropOf(FOR_EVERYBODY, [
      { after: 5.1, packets: 33 },
      { after: 10.3, packets: 'changed' },
    ])
    expect(drop).toEqual({ certainty: 'likely', isMoving: false, moved: 3 })
  })
})

describe('a rule that matches only probers on the port', () => {
  it('is certain from one packet between two samples', () => {
    expect(dropOf(OF_PROBERS_ON_THE_PORT, [{ after: 5.1, packets: 31 }]).certainty).toBe('certain')
  })

  it('is likely if it counts nothing', () => {
    expect(dropOf(OF_PROBERS_ON_THE_PORT, [{ after: 5.1, packets: 30 }]).certainty).toBe('likely')
  })
})

describe('drops of a full connection table', () => {
  const FULL = readFileSync(
    new URL('../fixtures/guest-probe/conntrack-full/probe.txt', import.meta.url),
    'utf8',
  )
  const told = (text: string) =>
    evaluatedProbe(text, check(80), '100.64.0.5').reasons.map(({ code, certainty }) => `${code} ${certainty}`)

  it('prove it if they go on between the samples', () => {
    expect(told(FULL)).toEqual(['guest-kernel/conntrack-full certain'])
  })

  it.each([
    ['are those of an earlier day', FULL.replace(/^count2\.conntrackDrops=.*$/m, 'count2.conntrackDrops=36')],
    ['were read once', FULL.replace(/^count2\..*\n/gm, '')],
  ])('prove nothing if they %s', (_, text) => {
    expect(told(text)).toEqual(['guest-kernel/conntrack-full likely'])
  })
})
