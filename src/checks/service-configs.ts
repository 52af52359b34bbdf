import { known } from '../model/fact.ts'
import {
  type CheckSettings,
  fullName,
  type Named,
  type ServiceConfig,
  type TkeSettings,
} from '../model/kubernetes.ts'
import type { Text } from '../model/language.ts'
import { isHttp } from '../model/protocol.ts'
import { knowsSkip } from '../model/tke.ts'
import type { EvaluatedPool, Paths } from '../path/index.ts'
import { filled, inEachLanguage, listed, NOTHING } from '../text/index.ts'
import { clusterOf } from './cluster.ts'
import { SHARED } from './texts.ts'

// The TkeServiceConfig that a Service or Ingress names, against what the CLB has.

type Thing = Named & TkeSettings

/** The Services and Ingresses of a listener or rule that name a TkeServiceConfig. */
export function configuredIn(pool: EvaluatedPool, paths: Paths): readonly Thing[] {
  const cluster = clusterOf(paths)
  if (cluster.kind !== 'own') return []
  const { services, ingresses } = cluster
  const ofPort = services.filter(({ ports }) => ports.some(({ port }) => port === pool.port))
  const behind = isHttp(pool.protocol) ? ingresses : []
  return [...behind, ...ofPort].filter(({ serviceConfig }) => serviceConfig !== null)
}

/** The names of settings, as the API of CLB has them. */
const NAMES = {
  enabled: 'HealthSwitch',
  intervalSeconds: 'IntervalTime',
  timeoutSeconds: 'TimeOut',
  healthyThreshold: 'HealthNum',
  unhealthyThreshold: 'UnHealthNum',
  path: 'HttpCheckPath',
  host: 'HttpCheckDomain',
  method: 'HttpCheckMethod',
  httpCodes: 'HttpCode',
  sourceIpType: 'SourceIpType',
} as const satisfies Record<keyof CheckSettings, string>

/**
 * What is odd about the TkeServiceConfigs of these listeners and rules. Nothing if they were not read, or if the controller
 * was told to leave the CLB alone.
 */
export function configText(pools: readonly EvaluatedPool[], paths: Paths): Text {
  const cluster = clusterOf(paths)
  const configs = cluster.kind === 'own' ? known(cluster.view.serviceConfigs) : undefined
  if (cluster.kind !== 'own' || !configs) return NOTHING
  const isSkipKnown = knowsSkip(known(cluster.view.controller)?.version ?? null)
  const found = pools.flatMap((pool) =>
    configuredIn(pool, paths)
      .filter(({ isSkipped }) => !(isSkipped && isSkipKnown))
      .flatMap((thing) => textFor(thing, pool, configs, paths.balancer?.vips ?? [])),
  )
  const texts = [...new Map(found.map((text) => [text.en, text])).values()]
  return inEachLanguage((language) => texts.map((text) => text[language]).join(''))
}

function textFor(
  thing: Thing,
  pool: EvaluatedPool,
  configs: readonly ServiceConfig[],
  vips: readonly string[],
): readonly Text[] {
  const name = fullName({ namespace: thing.namespace, name: thing.serviceConfig ?? '' })
  const config = configs.find((one) => fullName(one) === name)
  if (!config) return [filled(SHARED.configs.missing, { thing: fullName(thing), config: name })]
  const odd = differencesIn(config, pool, vips)
  return odd.length === 0
    ? []
    : [
        filled(SHARED.configs.differs, {
          config: name,
          list: inEachLanguage((language) =>
            listed(
              odd.map((one) => filled(SHARED.configs.setting, one)[language]),
              language,
              odd.length,
            ),
          ),
        }),
      ]
}

type Difference = Readonly<Record<'name' | 'wanted' | 'actual', string>>

/** What the config does not declare stays as it is, and what the API does not say is not compared. */
function differencesIn(
  { checks }: ServiceConfig,
  pool: EvaluatedPool,
  vips: readonly string[],
): readonly Difference[] {
  const check = pool.healthCheck
  // An empty domain stands for the default one, the VIP.
  const ownDomain = pool.domain === null || vips.includes(pool.domain) ? '' : pool.domain
  if (!check) return []
  const own = checks.find(
    ({ protocol, port, domain, url }) =>
      protocol === pool.protocol &&
      port === pool.port &&
      (domain === null || (domain === ownDomain && url === pool.url)),
  )
  return Object.entries(own?.settings ?? {}).flatMap(([key, wanted]) => {
    const setting = key as keyof CheckSettings
    const actual = check[setting]
    if (actual === null || wordOf(actual) === wordOf(wanted)) return []
    return [{ name: NAMES[setting], wanted: wordOf(wanted), actual: wordOf(actual) }]
  })
}

const wordOf = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? String(Number(value)) : String(value)
