/** Of a listener, which then has rules, or of a health check. */
export const isHttp = (protocol: string | null): boolean => protocol === 'HTTP' || protocol === 'HTTPS'
