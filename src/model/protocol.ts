/** The protocol of a listener or of a health check. A listener with such a protocol has rules. */
export const isHttp = (protocol: string | null): boolean => protocol === 'HTTP' || protocol === 'HTTPS'
