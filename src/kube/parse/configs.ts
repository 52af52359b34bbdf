import type { CheckSettings, ConfiguredCheck, ServiceConfig } from '../../model/kubernetes.ts'
import { flag, items, type Json, json, text, whole } from './json.ts'
import { named } from './named.ts'

/** The health checks that a TkeServiceConfig sets (457/45490, 457/45700). What it does not declare stays as it is on the CLB. */
export function configOf(api: Json): ServiceConfig {
  const balancer = json(api, 'spec', 'loadBalancer')
  const l4 = items(balancer, 'l4Listeners').flatMap((one) => checkOf(one, one, null, null))
  const l7 = items(balancer, 'l7Listeners').flatMap((listener) =>
    items(listener, 'domains').flatMap((domain) =>
      items(domain, 'rules').flatMap((rule) =>
        checkOf(listener, rule, text(domain, 'domain') ?? '', text(rule, 'url')),
      ),
    ),
  )
  return { ...named(api), checks: [...l4, ...l7] }
}

function checkOf(
  listener: Json,
  holder: Json,
  domain: string | null,
  url: string | null,
): readonly ConfiguredCheck[] {
  const protocol = text(listener, 'protocol')
  const port = whole(listener, 'port')
  const settings = settingsIn(json(holder, 'healthCheck'))
  return protocol === null || port === null || Object.keys(settings).length === 0
    ? []
    : [{ protocol: protocol.toUpperCase(), port, domain, url, settings }]
}

const settingsIn = (api: Json): CheckSettings =>
  Object.fromEntries(
    Object.entries({
      // Both spellings are in the documents.
      enabled: flag(api, 'enable') ?? flag(api, 'enabled'),
      intervalSeconds: whole(api, 'intervalTime'),
      timeoutSeconds: whole(api, 'timeout'),
      healthyThreshold: whole(api, 'healthNum'),
      unhealthyThreshold: whole(api, 'unHealthNum'),
      path: text(api, 'httpCheckPath'),
      host: text(api, 'httpCheckDomain'),
      method: text(api, 'httpCheckMethod'),
      httpCodes: whole(api, 'httpCode'),
      sourceIpType: whole(api, 'sourceIpType'),
    }).filter(([, value]) => value !== null),
  )
