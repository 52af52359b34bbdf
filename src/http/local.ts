import { isLoopback } from '../model/ip.ts'
import type { Context } from './web.ts'

// Without a token only programs on this machine may call. Three kinds of requests arrive from loopback and come from
// elsewhere: those that a proxy on this machine forwards, those of a page in a browser on this machine, and those of a page
// whose name was pointed at 127.0.0.1 (DNS rebinding).

/**
 * Headers that a proxy adds. No list of them is complete, so we look at the words in their names. They say that the
 * request was forwarded (X-Forwarded-For, X-Original-Forwarded-For, Forwarded), what stands between (Via, CDN-Loop), or
 * the address of the caller (X-Real-IP, X-Client-IP, CF-Connecting-IP, X-Envoy-External-Address, X-SCF-Remote-Addr).
 */
const FORWARDING = [
  /(?:^|-)forwarded(?:-|$)/,
  /^(?:via|cdn-loop)$/,
  /(?:^|-)(?:client|cluster|connecting|external|original|originating|peer|real|remote|source|true|user)-?(?:ip|addr(?:ess)?|host)$/,
]

/** Why a request does not count as one of this machine. Null if it does. */
export function whyNotLocal(c: Context, address: string | null): string | null {
  if (address === null || !isLoopback(address.replace(/^::ffff:/i, ''))) return 'only loopback may call'
  const forwarding = Object.keys(c.req.header()).find((name) => FORWARDING.some((one) => one.test(name)))
  if (forwarding !== undefined)
    return `a proxy forwarded the request (it has the header ${forwarding}), so its caller is not known`
  // A target in absolute form names a host of its own, which counts before the header (RFC 9112, 3.2.2).
  if (![c.req.header('host') ?? '', new URL(c.req.url).host].map(hostIn).every(isLoopback))
    return 'its Host header is not this machine (localhost, 127.0.0.1 or [::1])'
  const site = c.req.header('sec-fetch-site') ?? 'none'
  if (c.req.header('origin') !== undefined || !/^(?:none|same-origin)$/.test(site))
    return 'it comes from a page in a browser (it has the header Origin or Sec-Fetch-Site)'
  return null
}

const hostIn = (header: string): string => header.toLowerCase().replace(/:\d*$/, '')
