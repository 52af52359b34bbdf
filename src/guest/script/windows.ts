import { isIpv6 } from '../../model/ip.ts'
import type { GuestCheck } from '../evaluation.ts'
import { PROBE_AGENT } from '../usual.ts'

// The same questions for Windows, as single PowerShell commands with the real values. A person reads what they print.

/** In single quotes PowerShell expands nothing. It takes typographic quotes for quotes, too. */
const quoted = (text: string): string =>
  `'${text.replaceAll(/\p{Cc}/gu, '?').replaceAll(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`

/** What may stand in a URL as it is. Everything else goes as %XX. */
const pathOf = (path: string): string =>
  path.replaceAll(/[^A-Za-z0-9._~/?&=:@,;+%-]+/g, (text) => encodeURIComponent(text).replaceAll("'", '%27'))

export function windowsCommands(check: GuestCheck, protocol: 'tcp' | 'udp'): readonly string[] {
  const { ip, port, kind } = check
  const profiles = 'Get-NetFirewallProfile | Format-Table Name,Enabled,DefaultInboundAction'
  if (kind === 'ping' || port === null) {
    const icmp = isIpv6(ip) ? 'ICMPv6' : 'ICMPv4'
    return [profiles, rulesOf(`$_.Protocol -in '${icmp}','Any'`), `Test-NetConnection -ComputerName ${ip}`]
  }
  const isUdp = protocol === 'udp'
  return [
    isUdp
      ? `Get-NetUDPEndpoint -LocalPort ${port} | Format-Table LocalAddress,LocalPort,OwningProcess`
      : `Get-NetTCPConnection -LocalPort ${port} | Format-Table LocalAddress,LocalPort,RemoteAddress,State,OwningProcess`,
    profiles,
    rulesOf(`$_.Protocol -in '${isUdp ? 'UDP' : 'TCP'}','Any' -and $_.LocalPort -in '${port}','Any'`),
    ...(isUdp ? [] : [`Test-NetConnection -ComputerName ${ip} -Port ${port}`]),
    ...requestOf(check),
  ]
}

/** The enabled rules for incoming packets, with the addresses that they are for. */
const rulesOf = (filter: string): string =>
  [
    `Get-NetFirewallPortFilter | Where-Object { ${filter} } | Get-NetFirewallRule`,
    `Where-Object { $_.Enabled -eq 'True' -and $_.Direction -eq 'Inbound' }`,
    `ForEach-Object { '{0} {1} {2}' -f $_.Action, $_.DisplayName, (($_ | Get-NetFirewallAddressFilter).RemoteAddress -join ',') }`,
  ].join(' | ')

function requestOf({ kind, ip, port, path, host, method, timeoutSeconds }: GuestCheck): readonly string[] {
  if (kind !== 'http' && kind !== 'https') return []
  const at = isIpv6(ip) ? `[${ip}]` : ip
  return [
    [
      `Invoke-WebRequest -UseBasicParsing -MaximumRedirection 0 -Method ${/^[A-Z]+$/.test(method) ? method : 'GET'}`,
      `-Uri ${quoted(`${kind}://${at}:${port}${pathOf(path)}`)}`,
      ...(host === null ? [] : [`-Headers @{ Host = ${quoted(host)} }`]),
      `-UserAgent ${quoted(PROBE_AGENT)}`,
      `-TimeoutSec ${Math.ceil(timeoutSeconds)}`,
    ].join(' '),
  ]
}
