import { readFileSync } from 'node:fs'
import { type Circumstances, diagnoseSnapshot } from '../app/diagnose.ts'
import type { Diagnosis } from '../model/diagnosis.ts'
import type { Language } from '../model/language.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { t } from '../text/index.ts'
import { stateOf } from './files.ts'
import { CliError } from './io.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.snapshot

/** The fields that every snapshot has. A test compares them with a saved snapshot. */
export const NEEDED: readonly (keyof Snapshot)[] = [
  'snapshotVersion',
  'takenAt',
  'alarmedAt',
  'region',
  'loadBalancerId',
  'loadBalancer',
  'listeners',
  'registrations',
  'health',
  'targetGroups',
  'targetGroupMembers',
  'instances',
  'interfaces',
  'subnets',
  'networkAcls',
  'securityGroups',
  'addressTemplates',
  'addressTemplateGroups',
  'serviceTemplates',
  'serviceTemplateGroups',
  'addressOwners',
  'crossTargets',
  'cost',
]

/**
 * Diagnoses a saved snapshot again. A user who reports a wrong diagnosis attaches it; it can become a test.
 * @throws CliError if the file is not a snapshot; it names what is missing
 */
export function diagnosisOf(
  path: string,
  circumstances: Pick<Circumstances, 'language' | 'timeZone' | 'console' | 'expected'>,
): Diagnosis {
  const { language } = circumstances
  const snapshot = snapshotIn(path, language)
  const trigger = { source: 'cli', alarm: null } as const
  try {
    return diagnoseSnapshot(snapshot, {
      id: `dx-snapshot`,
      createdAt: snapshot.takenAt,
      trigger,
      stats: { ...snapshot.cost, durationMs: 0 },
      ...circumstances,
    })
  } catch (cause) {
    throw new CliError(`--snapshot: ${t(WORDS.damaged, { path }, language)}`, { cause })
  }
}

/**
 * The snapshot in a file.
 * @throws CliError if it is not one
 */
export function snapshotIn(path: string, language: Language): Snapshot {
  const wrong = (why: string, options?: ErrorOptions) => new CliError(`--snapshot: ${why}`, options)
  let given: unknown
  try {
    given = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    const state = stateOf(path)
    throw wrong(t(state === 'file' ? WORDS.notJson : TEXTS.files[state], { path }, language), { cause })
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw wrong(t(WORDS.notAnObject, { path }, language))
  const version = 'snapshotVersion' in given ? given.snapshotVersion : undefined
  if (version === undefined) throw wrong(t(WORDS.missing, { path, fields: ['snapshotVersion'] }, language))
  if (version !== 1) throw wrong(t(WORDS.otherVersion, { path, version: JSON.stringify(version) }, language))
  const fields = NEEDED.filter((name) => !(name in given))
  if (fields.length > 0) throw wrong(t(WORDS.missing, { path, fields }, language))
  const snapshot = given as Snapshot
  if (!isTold(snapshot)) throw wrong(t(WORDS.damaged, { path }, language))
  return snapshot
}

/** The fields that the report prints as they are. A crash there would come after the diagnosis. */
function isTold({ takenAt, cost }: { readonly takenAt: unknown; readonly cost: unknown }): boolean {
  const isCost =
    typeof cost === 'object' && cost !== null && 'apiCalls' in cost && typeof cost.apiCalls === 'number'
  return isCost && typeof takenAt === 'string' && !Number.isNaN(Date.parse(takenAt))
}
