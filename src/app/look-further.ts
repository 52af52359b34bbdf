import type { CloudSession } from '../cloud/index.ts'
import type { Finding } from '../model/diagnosis.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { AppContext } from './context.ts'
import { goesInside, lookInside } from './in-guest/index.ts'
import { probeNetwork } from './probe-network.ts'

export { goesInside }

// What the API cannot show by reading: a look inside machines, and packets to the far side. Both are off by default.

/**
 * How the probe gets onto machines: `registered` runs the command of CLB_DOCTOR_TAT_COMMAND, `sent` sends the script along
 * (RunCommand), `off` leaves machines alone.
 */
export type InGuest = 'off' | 'registered' | 'sent'

export interface FurtherLooks {
  /** Left out: as CLB_DOCTOR_IN_GUEST says. */
  readonly inGuest?: InGuest
  readonly probesNetwork?: boolean
  /** Told before machines are asked, with their number. */
  readonly onLook?: (machines: number) => void
}

const wanted = (
  inGuest: InGuest | undefined,
  { inGuest: isOn }: Pick<AppContext['config'], 'inGuest'>,
): InGuest => inGuest ?? (isOn ? 'registered' : 'off')

export interface LookTime {
  readonly cloud: CloudSession
  readonly signal: AbortSignal
  /** Ms since the epoch. */
  readonly endsAt: number
}

/** Not all of the time: what came back has to be read, and told. */
const SPARE_MS = 500

/**
 * What the looks brought, for the snapshot. `findings` are those without them: they tell which backends look alike.
 * @throws CredentialsError
 */
export async function lookFurther(
  snapshot: Snapshot,
  findings: readonly Finding[],
  { inGuest: asked, probesNetwork, onLook }: FurtherLooks,
  { clock, config }: AppContext,
  { cloud, signal, endsAt }: LookTime,
): Promise<Pick<Snapshot, 'guests' | 'peers' | 'detections'>> {
  const inGuest = wanted(asked, config)
  const [inside, network] = await Promise.all([
    inGuest === 'off'
      ? {}
      : lookInside(snapshot, findings, {
          cloud,
          clock,
          signal,
          until: endsAt - SPARE_MS,
          commandId: inGuest === 'sent' ? null : config.tatCommand,
          onLook,
        }),
    probesNetwork === true ? probeNetwork(snapshot, cloud) : {},
  ])
  return { ...inside, ...network }
}
