import { CHECKS, type Draft, settingCommands } from '../../checks/index.ts'
import type { Fix } from '../../model/diagnosis.ts'
import { poolName } from '../../model/endpoint.ts'
import { mapped } from '../../model/fact.ts'
import type { AuditEvent, HealthCheck, Snapshot } from '../../model/snapshot.ts'
import { isManagedByTke } from '../../model/tke.ts'
import { type EvaluatedPool, evaluatePaths, operationsOn, type Paths } from '../../path/index.ts'
import { clauses, t } from '../../text/index.ts'
import { askedFirst } from './asked-first.ts'
import { changeBy, isSecondChange } from './making.ts'
import type { Wording } from './moment.ts'
import { TEXTS } from './texts.ts'

type Settings = Partial<HealthCheck>
type Setting = keyof typeof TEXTS.settings

const SETTINGS = Object.keys(TEXTS.settings) as readonly Setting[]

/**
 * Gives a health check the settings again that the operation before the last one gave it. Null unless both were
 * understood, the last one's are in force, and the finding is gone with the earlier ones.
 */
export function checkUndo({ code, resources }: Draft, read: Paths, { language }: Wording): Fix | null {
  const { pools, snapshot, balancer, changes } = read
  const [only, ...others] = resources
  if (!code.startsWith('health-check-config/') || !only || others.length > 0 || isManagedByTke(balancer))
    return null
  const pool = pools.find(({ listenerId, locationId }) => (locationId ?? listenerId) === only.id)
  const check = pool?.healthCheck
  const operations = operationsOn(snapshot, only.id).filter(({ event }) =>
    /^Modify(Listener|Rule)$/.test(event),
  )
  const [before, last] = operations.slice(-2)
  const change = last && changeBy(changes, only.id, last)
  const [old, now] = [before, last].map(settingsOf)
  if (!pool || !check || !change || !old || !now) return null
  if (isSecondChange({ change, earlier: operations.slice(0, -1) })) return null
  const isInForce = SETTINGS.every((name) => !(name in now) || now[name] === check[name])
  const isWhole = Object.keys(now).every((name) => name in old)
  const changed = SETTINGS.filter((name) => name in old && old[name] !== check[name])
  if (!isInForce || !isWhole || changed.length === 0 || isStillFound(code, only.id, pool, old, read))
    return null
  const list = changed.map((name) =>
    t(
      TEXTS.setting,
      { name: TEXTS.settings[name], now: valueText(check[name]), old: valueText(old[name]) },
      language,
    ),
  )
  const summary = t(TEXTS.undo.check, { pool: poolName(pool), list: clauses(list, language) }, language)
  return {
    kind: 'restore',
    summary: `${summary}${askedFirst([change], language)}`,
    commands: settingCommands({ pool, check, groupIds: [] }, old, read),
    verified: false,
  }
}

const settingsOf = (operation: AuditEvent | undefined): Settings | undefined =>
  operation?.edit?.kind === 'check-set' ? operation.edit.check : undefined

const valueText = (value: Settings[Setting]): string =>
  value === null || value === undefined ? '-' : String(value)

/** Does the check find the same in the pool with the earlier settings? */
function isStillFound(
  code: Draft['code'],
  id: string,
  { listenerId, locationId }: EvaluatedPool,
  old: Settings,
  { snapshot }: Paths,
): boolean {
  const listeners: Snapshot['listeners'] = mapped(snapshot.listeners, (all) =>
    all.map((one) => {
      if (one.id !== listenerId) return one
      const rules = one.rules.map((rule) => (rule.locationId === locationId ? withSettings(rule, old) : rule))
      return locationId === null ? withSettings(one, old) : { ...one, rules }
    }),
  )
  const own = CHECKS.find((one) => one.id === code.split('/')[0])
  const { drafts = [] } = own?.run(evaluatePaths({ ...snapshot, listeners })) ?? {}
  return drafts.some((one) => one.code === code && one.resources.some((resource) => resource.id === id))
}

const withSettings = <T extends { readonly healthCheck: HealthCheck | null }>(
  thing: T,
  old: Settings,
): T => ({
  ...thing,
  healthCheck: thing.healthCheck && { ...thing.healthCheck, ...old },
})
