/** An IPv6 address stands in brackets where a port or a path follows (RFC 3986, 3.2.2). */
export const hostOf = (ip: string): string => (ip.includes(':') ? `[${ip}]` : ip)

/** `10.0.1.16:8080`, `[2001:db8::1]:8080` */
export const endpointOf = ({ ip, port }: { readonly ip: string; readonly port: number }): string =>
  `${hostOf(ip)}:${port}`
