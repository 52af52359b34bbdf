import { fault, OK_2XX, OK_2XX_3XX } from '../fault.ts'
import { BACKEND } from '../lab.ts'
import type { NodeServer, Server } from '../servers.ts'

/** nginx with other `listen` values. */
const nginx = (
  listen: readonly string[],
  body = 'location / { return 200 "ok\\n"; }',
  more = '',
): Server => ({
  kind: 'nginx',
  listen,
  body,
  more,
})
const node = (does: NodeServer, port = 80): Server => ({ kind: 'node', does, address: '0.0.0.0', port })

/** Fills up the queue of a server that never accepts. */
const FILL_UP = `
for i in 1 2; do (sleep 600 | busybox nc ${BACKEND[4]} 80) </dev/null >/dev/null 2>&1 & done
for i in 1 2 3 4 5 6 7 8 9 10; do ss -Hlnt | grep -q 'LISTEN 2' && exit 0; sleep 0.1; done
echo 'the queue does not fill up' >&2; exit 1
`
const STOP = `
master=$(cat "$FOLDER/nginx-backend/nginx.pid")
while [ "$(pgrep -c -P $master)" -lt 2 ]; do sleep 0.05; done
kill -STOP $master $(pgrep -P $master)
`

const NOT_LISTENING = { code: 'guest-port/not-listening' } as const
const OTHER_ADDRESS = { code: 'guest-port/other-address' } as const
const STATUS = { code: 'guest-http/status-mismatch' } as const

/** Who listens, and where. */
export const LISTENING = [
  fault('healthy', 'ok', { isSampled: true }),
  fault('healthy-dualstack', 'ok', { servers: [nginx(['[::]:80 ipv6only=off'])], isSampled: true }),
  fault('listen-own-and-loopback-ok', 'ok', { servers: [nginx(['127.0.0.1:80', `${BACKEND[4]}:80`])] }),
  fault('service-down', 'refused', { servers: [], ...NOT_LISTENING, isSampled: true }),
  fault('listen-other-port', 'refused', { servers: [nginx(['8080'])], ...NOT_LISTENING, isSampled: true }),
  fault('listen-other-ip', 'refused', {
    servers: [nginx(['172.17.0.1:80'])],
    ...OTHER_ADDRESS,
    isSampled: true,
  }),
  fault('listen-127', 'refused', {
    servers: [nginx(['127.0.0.1:80'])],
    code: 'guest-port/loopback-only',
    isSampled: true,
  }),
  fault('listen-ipv6-loopback', 'refused', {
    servers: [nginx(['[::1]:80'])],
    code: 'guest-port/loopback-only',
  }),
  fault('listen-v6only', 'refused', { servers: [nginx(['[::]:80 ipv6only=on'])], ...OTHER_ADDRESS }),
  fault('listen-udp', 'refused', { servers: [node('udp')], ...NOT_LISTENING }),
  fault('listen-one-device', 'refused', {
    servers: [{ kind: 'perl', backlog: 128, device: 'cni0', port: 80 }],
    ...OTHER_ADDRESS,
  }),
  fault('accept-queue-full', 'timeout', {
    servers: [{ kind: 'perl', backlog: 1, port: 80 }],
    inject: FILL_UP,
    code: 'guest-port/backlog-full',
    isSampled: true,
  }),
  fault('process-stopped', 'http-timeout', { inject: STOP, code: 'guest-http/too-slow' }),
  fault('process-stopped-tcp-check-ok', 'ok', { inject: STOP, check: { kind: 'tcp' } }),
]

/** What the application answers. */
export const HTTP = [
  fault('http-302', 'ok', { servers: [nginx(['80'], 'return 302 /login;')], isSampled: true }),
  fault('http-302-not-taken', 'wrong-answer', {
    servers: [nginx(['80'], 'return 302 /login;')],
    check: { httpCodes: OK_2XX },
    ...STATUS,
  }),
  fault('http-404', 'wrong-answer', {
    servers: [nginx(['80'], 'return 404;')],
    check: { httpCodes: OK_2XX_3XX },
    ...STATUS,
    isSampled: true,
  }),
  fault('http-500', 'wrong-answer', { servers: [nginx(['80'], 'return 500;')], ...STATUS }),
  fault('http-path-503', 'wrong-answer', {
    servers: [nginx(['80'], 'location = /healthz { return 503; } location / { return 200 "ok\\n"; }')],
    check: { path: '/healthz' },
    ...STATUS,
  }),
  fault('http-path-ok', 'ok', {
    servers: [nginx(['80'], 'location = /healthz { return 200 "ok\\n"; } location / { return 503; }')],
    check: { path: '/healthz' },
  }),
  fault('http-mute', 'http-timeout', { servers: [node('mute')], code: 'guest-http/too-slow' }),
  fault('http-slow-3s', 'http-timeout', {
    servers: [node('slow-3')],
    code: 'guest-http/too-slow',
    isSampled: true,
  }),
  fault('http-slow-1s-ok', 'ok', { servers: [node('slow-1')] }),
  fault('http-rst', 'wrong-answer', {
    servers: [node('reset')],
    code: 'guest-http/refused',
    isSampled: true,
  }),
  fault('http-empty', 'wrong-answer', { servers: [node('empty')], code: 'guest-http/refused' }),
  fault('http-other-protocol', 'wrong-answer', { servers: [node('garbage')], ...STATUS }),
  fault('tls-only', 'wrong-answer', {
    servers: [nginx(['80 ssl'])],
    check: { httpCodes: OK_2XX_3XX },
    code: 'guest-http/tls-mismatch',
    coarseCode: 'guest-http/status-mismatch',
    isSampled: true,
  }),
  fault('tls-only-closes', 'wrong-answer', { servers: [node('tls')], code: 'guest-http/tls-mismatch' }),
  fault('tls-ok', 'ok', { servers: [nginx(['80 ssl'])], check: { kind: 'https' } }),
  fault('tls-name-refused', 'wrong-answer', {
    servers: [nginx(['80 ssl'], 'ssl_reject_handshake on;')],
    check: { kind: 'https' },
    code: 'guest-http/refused',
    notRecorded: 'the usual commands send no HTTPS',
  }),
  fault('tls-name-refused-http-check', 'wrong-answer', {
    servers: [nginx(['80 ssl'], 'ssl_reject_handshake on;')],
    check: { httpCodes: OK_2XX_3XX },
    code: 'guest-http/tls-mismatch',
    coarseCode: 'guest-http/status-mismatch',
  }),
  fault('tls-old-only', 'wrong-answer', {
    servers: [nginx(['80 ssl'], 'ssl_protocols TLSv1;')],
    check: { kind: 'https' },
    code: 'guest-http/refused',
    notRecorded: 'the usual commands send no HTTPS',
  }),
  fault('https-check-on-plain-port', 'wrong-answer', {
    check: { kind: 'https' },
    code: 'guest-http/tls-mismatch',
  }),
  fault('head-405', 'wrong-answer', {
    servers: [
      nginx(['80'], 'if ($request_method = HEAD) { return 405; } location / { return 200 "ok\\n"; }'),
    ],
    check: { method: 'HEAD', httpCodes: OK_2XX_3XX },
    code: 'guest-http/head-not-supported',
    coarseCode: 'guest-http/status-mismatch',
    notRecorded: 'the usual commands send no HEAD',
  }),
  fault('head-ok', 'ok', {
    check: { method: 'HEAD', httpCodes: OK_2XX_3XX },
    notRecorded: 'the usual commands send no HEAD',
  }),
]

const AGENT_ONLY = 'the usual commands do not call themselves a probe'
const refusing = (agent: string): string =>
  `if ($http_user_agent ~ ${agent}) { return 403; } location / { return 200 "ok\\n"; }`

/** What depends on the client, as with a filter against robots. */
export const AGENTS = [
  fault('http-curl-refused-ok', 'ok', {
    servers: [nginx(['80'], refusing('curl'))],
    check: { httpCodes: OK_2XX },
    notRecorded: AGENT_ONLY,
  }),
  fault('http-probes-refused', 'wrong-answer', {
    servers: [nginx(['80'], refusing('clb-healthcheck'))],
    check: { httpCodes: OK_2XX },
    ...STATUS,
    notRecorded: AGENT_ONLY,
  }),
]

const HOST_ONLY = 'the usual commands send no Host of the check'
const named = (name: string): string => `server { listen 80; server_name ${name}; return 200 "ok\\n"; }`

/** What depends on Host. */
export const HOSTS = [
  fault('vhost-444', 'wrong-answer', {
    servers: [nginx(['80 default_server'], 'return 444;', named('shop.example.com'))],
    check: { host: 'other.example.com' },
    code: 'guest-http/refused',
    notRecorded: HOST_ONLY,
  }),
  fault('vhost-404', 'wrong-answer', {
    servers: [nginx(['80 default_server'], 'return 404;', named('shop.example.com'))],
    check: { host: 'other.example.com', httpCodes: OK_2XX_3XX },
    ...STATUS,
    notRecorded: HOST_ONLY,
  }),
  fault('vhost-ok', 'ok', {
    servers: [nginx(['80 default_server'], 'return 404;', named('shop.example.com'))],
    check: { host: 'shop.example.com', httpVersion: 'HTTP/1.1', httpCodes: OK_2XX_3XX },
    notRecorded: HOST_ONLY,
  }),
  fault('http11-without-host', 'wrong-answer', {
    check: { httpVersion: 'HTTP/1.1', httpCodes: OK_2XX_3XX },
    ...STATUS,
    notRecorded: 'every usual command sends Host',
  }),
]
