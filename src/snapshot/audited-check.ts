import type { AuditedEdit, HealthCheck } from '../model/snapshot.ts'
import { isObject } from '../model/untrusted.ts'
import { type Fields, indexIn, NotUnderstood, plain } from './audited-values.ts'
import { upper } from './fields.ts'

/** The settings of the check are an optional parameter (SDK ModifyListenerRequest, ModifyRuleRequest). */
export function checkSet({ HealthCheck: asked }: Fields): AuditedEdit | null {
  if (!isObject(asked)) return null
  try {
    const check = Object.assign({}, ...Object.entries(asked).map(([name, value]) => settingOf(name, value)))
    return { kind: 'check-set', check }
  } catch (error) {
    if (error instanceof NotUnderstood) return { kind: 'check-set' }
    throw error
  }
}

type Settings = Partial<HealthCheck>

/** Only the settings that were given, in our names. */
function settingOf(name: string, value: unknown): Settings {
  if (value === null || value === undefined) return {}
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined
  if (!read) throw new NotUnderstood()
  return read(value)
}

/** 0 and -1 mean "the backend's own port" (platform facts C3). */
function portIn(value: unknown): number | null {
  if (value === -1 || value === '-1') return null
  return indexIn(value) || null
}

/** By the API's name (SDK clb_models, HealthCheck). */
const READERS: Readonly<Record<string, (value: unknown) => Settings>> = {
  HealthSwitch: (value) => ({ enabled: indexIn(value) === 1 }),
  TimeOut: (value) => ({ timeoutSeconds: indexIn(value) }),
  IntervalTime: (value) => ({ intervalSeconds: indexIn(value) }),
  HealthNum: (value) => ({ healthyThreshold: indexIn(value) }),
  UnHealthNum: (value) => ({ unhealthyThreshold: indexIn(value) }),
  HttpCode: (value) => ({ httpCodes: indexIn(value) }),
  SourceIpType: (value) => ({ sourceIpType: indexIn(value) }),
  CheckPort: (value) => ({ port: portIn(value) }),
  CheckType: (value) => ({ type: upper(plain(value)) }),
  HttpCheckPath: (value) => ({ path: plain(value) }),
  HttpCheckDomain: (value) => ({ host: plain(value) }),
  HttpCheckMethod: (value) => ({ method: upper(plain(value)) }),
  HttpVersion: (value) => ({ httpVersion: plain(value) }),
}
