import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { GuestCheck } from '../../src/guest/evaluation.ts'
import { type Lab, SOURCES } from './lab.ts'
import { type Met, outcomeOf } from './truth.ts'

// Real probes from every source, once a second, until they are ended.

const PROBER = fileURLToPath(new URL('prober.mjs', import.meta.url))
const INTERVAL = 1000
/** How long a handshake may take, in ms. */
const PATIENCE = 2000

export interface Probes {
  readonly sources: readonly string[]
  /** Resolves when every source has probed this often. */
  until(rounds: number): Promise<void>
  /** What the probes met. Throws if those of one source met different things, because then nothing can be compared. */
  truth(): readonly Met[]
  close(): Promise<void>
}

export function startProbes(lab: Lab, check: GuestCheck): Probes {
  const sources = SOURCES[check.ip.includes(':') ? 6 : 4]
  const wanted = { sources, target: check.ip, port: check.port, check, intervalMs: INTERVAL, tcpMs: PATIENCE }
  const child = lab.start('prober', [process.execPath, PROBER, JSON.stringify(wanted)])
  const met = new Map<string, Met[]>(sources.map((source) => [source, []]))
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of [...waiting]) look()
  }
  const lines = createInterface({ input: child.stdout ?? process.stdin })
  lines.on('line', (line) => {
    const { round: _, ...one } = JSON.parse(line) as Met & { round: number }
    met.get(one.src)?.push(one)
    wake()
  })
  const ended = once(child, 'exit').then(wake)
  return {
    sources,
    until: (rounds) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if ([...met.values()].every((list) => list.length >= rounds)) resolve()
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`The prober ended: ${errors}`))
          else return
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    truth: () => [...met.values()].map((list) => ofOneKind(list, check)),
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The probe that was the fastest, because a busy machine only adds time. */
function ofOneKind(list: readonly Met[], check: GuestCheck): Met {
  const [fastest] = list.toSorted((a, b) => timeOf(a) - timeOf(b))
  if (!fastest) throw new Error('No probe has ended yet.')
  const others = new Set(list.map((met) => outcomeOf({ ...met, tcp_ms: fastest.tcp_ms ?? 0 }, check)))
  if (others.size > 1) throw new Error(`The probes met different things: ${JSON.stringify(list)}`)
  return fastest
}

const timeOf = ({ tcp_ms = 0, http_ms = 0, icmp_ms = 0 }: Met): number => tcp_ms + http_ms + icmp_ms
