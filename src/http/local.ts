import { isLoopback } from '../model/ip.ts'
import type { Context } from './web.ts'

// Without a token only programs on this machine may call. Three kinds of requests arrive from loopback and come from
// elsewhere: those that a proxy on this machine forwards, those of a page in a browser on this machine, and those of a page
// whose name was pointed at 127.0.0.1 (DNS rebinding).

const FORWARDING = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-original-forwarded-for',
  'x-real-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'true-client-ip',
  'cf-connecting-ip',
  'x-scf-remote-addr',
]

/** Why a request does not count as one of this machine. Null if it does. */
export function whyNotLocal(c: Context, address: string | null): string | null {
  if (address === null || !isLoopback(address.replace(/^::ffff:/i, ''))) return 'only loopback may call'
  const forwarding = FORWARDING.find((name) => c.req.header(name) !== undefined)
  if (forwarding !== undefined)
    return `a proxy forwarded the request (it has the header ${forwarding}), so its caller is not known`
  if (!isLoopback(hostIn(c.req.header('host') ?? '')))
    return 'its Host header is not this machine (localhost, 127.0.0.1 or [::1])'
  const site = c.req.header('sec-fetch-site') ?? 'none'
  if (c.req.header('origin') !== undefined || !/^(?:none|same-origin)$/.test(site))
    return 'it comes from a page in a browser (it has the header Origin or Sec-Fetch-Site)'
  return null
}

const hostIn = (header: string): string => header.toLowerCase().replace(/:\d*$/, '')
