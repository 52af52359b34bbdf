// Probes one address from several sources, as a load balancer does, and prints one JSON line for each probe. Runs on the
// prober's host until it is ended. The argument is written by probes.ts, as JSON.
import { execFile } from 'node:child_process'
import dgram from 'node:dgram'
import net from 'node:net'
import tls from 'node:tls'

const { sources, target, port, check, intervalMs, tcpMs } = JSON.parse(process.argv[2])

/** As the C library says it. */
const WORDS = {
  ECONNREFUSED: 'Connection refused',
  ECONNRESET: 'Connection reset by peer',
  EHOSTUNREACH: 'No route to host',
  ENETUNREACH: 'Network is unreachable',
  ENOPROTOOPT: 'Protocol not available',
  EPROTO: 'Protocol error',
  EACCES: 'Permission denied',
}
const wordOf = (error) => WORDS[error.code] ?? String(error.code ?? error.message)

let round = 0
function probeAll() {
  round += 1
  for (const src of sources) {
    const number = round
    void probe(src).then((met) => process.stdout.write(`${JSON.stringify({ round: number, src, ...met })}\n`))
  }
}
setInterval(probeAll, intervalMs)
probeAll()

function probe(src) {
  if (check.kind === 'udp') return datagram(src)
  return check.kind === 'ping' ? ping(src) : connect(src)
}

function ping(src) {
  const started = performance.now()
  return new Promise((resolve) => {
    // busybox has one ping for both families.
    const seconds = String(Math.ceil(tcpMs / 1000))
    execFile('busybox', ['ping', '-c', '1', '-W', seconds, '-I', src, target], (error) =>
      resolve({ icmp: error ? 'timeout' : 'reply', icmp_ms: Math.round(performance.now() - started) }),
    )
  })
}

/** In the words of a handshake: the server answers every datagram. */
function datagram(src) {
  const started = performance.now()
  return new Promise((resolve) => {
    const socket = dgram.createSocket('udp4')
    const end = (tcp) => {
      clearTimeout(timer)
      socket.removeAllListeners()
      socket.on('error', () => {})
      socket.close()
      resolve({ tcp, tcp_ms: Math.round(performance.now() - started) })
    }
    const timer = setTimeout(() => end('timeout'), tcpMs)
    socket.on('error', (error) => end(wordOf(error)))
    socket.on('message', () => end('open'))
    socket.bind({ address: src }, () =>
      socket.connect(port, target, () => socket.send('ping', (error) => error && end(wordOf(error)))),
    )
  })
}

function connect(src) {
  const started = performance.now()
  const since = () => Math.round(performance.now() - started)
  return new Promise((resolve) => {
    const socket = net.connect({ host: target, port, localAddress: src })
    const timer = setTimeout(() => {
      socket.destroy()
      resolve({ tcp: 'timeout', tcp_ms: since() })
    }, tcpMs)
    socket.once('error', (error) => {
      clearTimeout(timer)
      resolve({ tcp: wordOf(error), tcp_ms: since() })
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      const open = { tcp: 'open', tcp_ms: since() }
      socket.removeAllListeners('error')
      if (check.kind === 'tcp') {
        socket.on('error', () => {})
        socket.destroy()
        resolve(open)
      } else
        void request(socket).then((answer) => {
          socket.destroy()
          resolve({ ...open, ...answer })
        })
    })
  })
}

function request(socket) {
  const started = performance.now()
  return new Promise((resolve) => {
    const end = (http) => {
      clearTimeout(timer)
      resolve({ http, http_ms: Math.round(performance.now() - started) })
    }
    const timer = setTimeout(() => end('timeout'), check.timeoutSeconds * 1000)
    socket.on('error', (error) => end(wordOf(error)))
    const stream = check.kind === 'https' ? tls.connect({ socket, rejectUnauthorized: false }) : socket
    if (stream !== socket) stream.on('error', (error) => end(`TLS: ${wordOf(error)}`))
    let text = ''
    stream.on('data', (chunk) => {
      text += chunk.toString('latin1')
      if (text.includes('\n')) end(text.slice(0, text.indexOf('\n')).trim())
    })
    stream.on('end', () => end('closed'))
    stream.write(requestText())
  })
}

function requestText() {
  const host = check.host === null ? '' : `Host: ${check.host}\r\n`
  const agent = 'User-Agent: clb-healthcheck\r\n'
  return `${check.method} ${check.path} ${check.httpVersion}\r\n${host}${agent}Connection: close\r\n\r\n`
}
