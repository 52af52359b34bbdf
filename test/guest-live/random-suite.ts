import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluateGuest, factsOf } from '../../src/guest/index.ts'
import type { GuestOutcome } from '../../src/model/guest.ts'
import { withFault } from './bench.ts'
import { blindDifferences, outcomesOf, rangeOf } from './compare.ts'
import { fault } from './fault.ts'
import { machineOf, shown } from './random-machine.ts'
import { record } from './recorder.ts'
import { ASH, BARE, DASH } from './script.ts'
import { recordedIn, runScripts } from './suite.ts'
import { outcomeOf } from './truth.ts'

/** `GUEST_RECORD=folder` keeps what the machines printed. */
const KEPT = process.env.GUEST_RECORD

/** The usual commands do not print IPsec, queues, what a card does with ARP, netdev chains, and other tables of legacy rules. */
const NOT_RECORDED = /\bxfrm\b|\btc qdisc\b|\barp\b|\barp_|ip neigh|ip link set|iptables-legacy -t/

export interface Compared {
  readonly seed: number
  /** What the probes from each source met. Null: the probes of one source met different things. */
  readonly met: readonly GuestOutcome[] | null
  /** The outcomes of the shell with every tool. */
  readonly outcomes: readonly (string | undefined)[]
  readonly differences: readonly string[]
}

/** A line that this kernel refuses changes nothing. Its number is kept, so that nobody takes it for set. */
const tolerant = (lines: readonly string[]): string =>
  lines.map((line, i) => `(\n${line}\n) >/dev/null 2>&1 || echo "${i}" >>"$FOLDER/refused"`).join('\n')

/** Makes the machine of this number, and compares what its probes meet with what is evaluated. */
export async function compareMachine(seed: number): Promise<Compared> {
  try {
    return await compareWith(seed)
  } catch (error) {
    return { seed, met: [], outcomes: [], differences: [`the lab: ${String(error)}`] }
  }
}

async function compareWith(seed: number): Promise<Compared> {
  const machine = machineOf(seed)
  const asked = {
    servers: machine.servers,
    inject: `set +e\n${tolerant(machine.lines)}\nset -e`,
    check: machine.check,
    mayBeUnknown: 'nobody designed this machine',
  }
  return await withFault(fault(`random-${seed}`, 'unknown', asked), async (running) => {
    const { probes, lab, folder } = running
    // A VPC asks for a card from its gateway, and not from the address of a prober.
    await lab.run('prober', 'echo 2 >/proc/sys/net/ipv4/conf/eth0/arp_announce; ip neigh flush dev eth0')
    const given = fault(`random-${seed}`, 'unknown', asked)
    const kept = join(KEPT ?? folder, given.name)
    await mkdir(kept, { recursive: true })
    await writeFile(join(kept, 'machine'), `${shown(machine)}\n`)
    await probes.until(1)
    const printed = await runScripts(running, given, kept, [seed % 2 === 0 ? DASH : ASH, BARE])
    await probes.until(3)
    const truth = steady(() => probes.truth())
    if (truth === null) return { seed, met: null, outcomes: [], differences: [] }
    const met = truth.map((one) => outcomeOf(one, given.check))
    const isRecorded = !machine.lines.some((line) => NOT_RECORDED.test(line))
    if (isRecorded) await record(lab, given.check, truth, kept)
    const own = { ...given, meets: met }
    const evaluated = [...printed, ...(isRecorded ? [await recordedIn(kept)] : [])].map(
      ({ means, report }) => ({
        means,
        evaluation: evaluateGuest(factsOf(report), own.check, rangeOf(own)),
      }),
    )
    const [first] = evaluated
    return {
      seed,
      met,
      outcomes: first ? outcomesOf(first.evaluation, own) : [],
      differences: evaluated.flatMap(({ means, evaluation }) => blindDifferences(evaluation, own, means)),
    }
  })
}

function steady<T>(truth: () => T): T | null {
  try {
    return truth()
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('The probes met different things')) return null
    throw error
  }
}
