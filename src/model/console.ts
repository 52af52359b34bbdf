import { parseId } from './ids.ts'
import { consoleNumberOf, regionOfConsoleNumber } from './regions.ts'

/** Whose console links lead to: the one of cloud.tencent.com or of the international site. */
export const CONSOLES = ['cn', 'intl'] as const
export type Console = (typeof CONSOLES)[number]

const HOSTS: Readonly<Record<Console, string>> = {
  cn: 'console.cloud.tencent.com',
  intl: 'console.tencentcloud.com',
}

// The platform's own pages show these addresses. For groups, ACLs and subnets only the list is known to have one
// (docs/facts.md, K).
const LISTS: Readonly<Record<string, string>> = {
  'security-group': '/vpc/securitygroup',
  'network-acl': '/vpc/acl',
  subnet: '/vpc/subnet',
}

interface Place {
  readonly type: string
  readonly id: string
  readonly region: string
}

/** The console's page of a resource, or of the list that it is in. Null if no address is known for its type. */
export function consoleUrlOf({ type, id, region }: Place, site: Console): string | null {
  const at = (path: string): string => `https://${HOSTS[site]}${path}`
  const list = Object.hasOwn(LISTS, type) ? LISTS[type] : undefined
  if (list !== undefined) return at(list)
  // Without the number the console opens the page in the region that the reader used last.
  const number = consoleNumberOf(region)
  const query = [...(number === null ? [] : [`rid=${number}`]), `id=${encodeURIComponent(id)}`].join('&')
  if (type === 'clb') return at(`/clb/detail?${query}&tab=listener`)
  return type === 'cvm' ? at(`/cvm/instance/detail?${query}`) : null
}

const EVERY_HOST = [...Object.values(HOSTS), 'console.intl.cloud.tencent.com']

/** The CLB in a pasted address of the console, and the region if the table has its number. Null for any other text. */
export function clbInConsoleUrl(
  text: string,
): { readonly id: string; readonly region: string | null } | null {
  const address = text.trim()
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return null
  const { hostname, searchParams, hash } = new URL(address)
  if (!EVERY_HOST.includes(hostname)) return null
  // Some pages of the console keep their query behind a hash.
  const query = hash.includes('?') ? new URLSearchParams(hash.slice(hash.indexOf('?'))) : searchParams
  const of = (name: string): string => searchParams.get(name) ?? query.get(name) ?? ''
  const id = parseId(of('id'), 'lb')
  return id === null ? null : { id, region: regionOfConsoleNumber(of('rid')) }
}
