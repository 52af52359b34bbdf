import { setImmediate } from 'node:timers/promises'
import { SERVICES } from '../../src/cloud/actions.ts'
import type { CloudSession } from '../../src/cloud/cloud.ts'
import { CloudError } from '../../src/cloud/errors.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { respond } from '../../src/simulator/actions.ts'
import { ApiError } from '../../src/simulator/api.ts'
import { REGION } from '../../src/simulator/base.ts'
import type { World } from '../../src/simulator/world.ts'
import { readSnapshot } from '../../src/snapshot/index.ts'
import type { Given } from '../../src/snapshot/known.ts'
import { sessionOf } from '../support/cloud.ts'

// The simulated API without sockets. The test decides when each answer comes.

export interface Asked {
  readonly action: string
  readonly region: string
  readonly body: string
  readonly wave: number
}

export interface Api {
  readonly cloud: CloudSession
  readonly asked: Asked[]
  /** Calls that have no answer yet. */
  waiting(): number
}

const versions: Readonly<Record<string, string>> = SERVICES

type Call = Parameters<CloudSession['call']>

export interface ApiOptions {
  readonly denied?: readonly string[]
  /** Resolves when the call may be answered. */
  readonly turn?: (action: string) => Promise<void>
}

export function apiOf(world: World, { denied = [], turn = async () => {} }: ApiOptions = {}): Api {
  const asked: Asked[] = []
  let open = 0
  const cloud = sessionOf(async (...[action, request, { region, wave }]: Call) => {
    const body = JSON.stringify(request)
    asked.push({ action, region, body, wave })
    open += 1
    await turn(action)
    open -= 1
    if (denied.includes(action)) throw new CloudError('denied', action, 'UnauthorizedOperation', 'no')
    try {
      return respond(world, { action, region, version: versions[action.split(':')[0] ?? ''], body })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      throw new CloudError('rejected', action, error.code, error.message, { cause: error })
    }
  })
  return { cloud, asked, waiting: () => open }
}

/** A snapshot of one CLB, at a fixed moment. */
export const snapshotBy = (
  { cloud }: Api,
  loadBalancerId: string,
  { given = null, patience = async () => {} }: { given?: Given | null; patience?: () => Promise<void> } = {},
): Promise<Snapshot> =>
  readSnapshot(
    cloud,
    { loadBalancerId, vip: null, vpcId: null, numericVpcId: null },
    REGION,
    { takenAt: '2026-11-20T00:00:00.000Z', alarmedAt: null, isFiring: false, recoveredAt: null, patience },
    given,
  )

/** Lets all work go on that does not wait for an answer. */
export async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await setImmediate()
}
