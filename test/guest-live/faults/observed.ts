import { fault } from '../fault.ts'

const TCP = { kind: 'tcp' } as const

/** What the connections of the probes alone show. Each of them has a reading without a fault, too, so it stays unknown. */
export const OBSERVED = [
  fault('replies-to-nobody', 'timeout', {
    inject: 'ip route replace default via 10.0.1.254',
    mayBeUnknown: 'where a reply is lost behind the machine',
  }),
  fault('replies-to-a-wrong-card', 'timeout', {
    inject: 'ip neigh replace 10.0.1.1 lladdr 02:00:00:00:00:99 dev eth0 nud permanent',
    mayBeUnknown: 'where a reply is lost behind the machine',
  }),
  fault('own-only', 'http-timeout', {
    servers: [{ kind: 'node', does: 'own-only', address: '0.0.0.0', port: 80 }],
    mayBeUnknown: 'why the application does not read what probes ask',
  }),
  fault('socket-filter', 'timeout', {
    servers: [{ kind: 'perl', backlog: 128, option: 'filter', port: 80 }],
    check: TCP,
    mayBeUnknown: 'programs on a socket, which nobody can list',
  }),
  fault('deferred-accept-ok', 'ok', {
    servers: [{ kind: 'perl', backlog: 128, option: 'defer', port: 80 }],
    check: TCP,
    mayBeUnknown: 'whether a half-open connection only waits for data',
  }),
]
