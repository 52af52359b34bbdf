import type { GuestCheck } from '../../src/guest/evaluation.ts'
import type { FindingCode } from '../../src/model/diagnosis.ts'
import type { GuestOutcome } from '../../src/model/guest.ts'
import { guestCheck } from '../support/guest-check.ts'
import { BACKEND } from './lab.ts'
import type { Server } from './servers.ts'

/** One thing that is wrong on the backend, or only looks wrong, and what the probes have to meet because of it. */
export interface Fault {
  readonly name: string
  /** What answers on the backend. */
  readonly servers: readonly Server[]
  /** A shell script that runs on the backend as root, after the servers have started. */
  readonly inject: string
  /** The same for the pod. */
  readonly injectPod: string
  readonly check: GuestCheck
  /** By source: 100.64.0.5, 100.127.200.9, the VIP 10.0.0.10. With IPv6 one VIP. */
  readonly meets: readonly GuestOutcome[]
  /** The cause that has to be named. Null: nothing is wrong for any source. */
  readonly code: FindingCode | null
  /** The cause that less tools may name in its place. */
  readonly coarseCode: FindingCode | null
  /** True if a counter proves the cause: the rule matches probes alone, and they move it. */
  readonly isProven: boolean
  /** True if the counter of its rule moves with every probe, and others may move it, too. */
  readonly isMoving: boolean
  /** True if the kind is in the shared samples, too. */
  readonly isSampled: boolean
  /** Why an outcome may be `unknown` even with every tool. Null: it may not. */
  readonly mayBeUnknown: string | null
  /** Why a folder of the usual commands cannot show it. Null: it can. */
  readonly notRecorded: string | null
}

type Meets = GuestOutcome | readonly GuestOutcome[]
type Asked = Partial<Omit<Fault, 'check' | 'meets'>> & { readonly check?: Partial<GuestCheck> }

/** As CLB's own defaults, but short times, so that tests of silence are short. */
const CHECK = guestCheck({ ip: BACKEND[4], httpVersion: 'HTTP/1.0', timeoutSeconds: 2, intervalSeconds: 1 })

export const OK_2XX_3XX = 6
export const OK_2XX = 2

/** A fault on a backend with nginx on 0.0.0.0:80. `meets` with one outcome is that of every source. */
export function fault(name: string, meets: Meets, asked: Asked = {}): Fault {
  const check = { ...CHECK, ...asked.check }
  const all = check.ip.includes(':') ? 1 : 3
  return {
    servers: [{ kind: 'nginx', listen: ['80'], body: 'location / { return 200 "ok\\n"; }' }],
    inject: '',
    injectPod: '',
    code: null,
    coarseCode: null,
    isProven: false,
    isMoving: false,
    isSampled: false,
    mayBeUnknown: null,
    notRecorded: null,
    ...asked,
    name,
    check,
    meets: typeof meets === 'string' ? Array<GuestOutcome>(all).fill(meets) : meets,
  }
}

/** A script that loads nft rules. nft wants the brace that ends a chain on a line of its own. */
export const nft = (text: string): string =>
  `nft -f - <<'RULES'\n${text.replaceAll('; }', ';\n}').split('\n').map(withOwnBraces).join('\n')}\nRULES\n`

function withOwnBraces(line: string): string {
  const surplus = line.split('}').length - line.split('{').length
  return surplus > 0 && line.endsWith(' }') ? `${withOwnBraces(line.slice(0, -2))}\n}` : line
}
