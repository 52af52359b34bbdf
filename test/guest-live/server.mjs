// Answers badly, in one of several manners: server.mjs <manner> <address> <port> <folder of the certificate>. Prints a line
// when it listens, and runs until it is ended.
import dgram from 'node:dgram'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import tls from 'node:tls'

const [manner, address, port, folder] = process.argv.slice(2)
const ready = () => process.stdout.write('ready\n')
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n'

const MANNERS = {
  mute: () => {},
  'slow-1': (socket) => socket.once('data', () => setTimeout(() => socket.end(ANSWER), 1000)),
  'slow-3': (socket) => socket.once('data', () => setTimeout(() => socket.end(ANSWER), 3000)),
  reset: (socket) => socket.once('data', () => socket.resetAndDestroy()),
  empty: (socket) => socket.once('data', () => socket.end()),
  // An application that looks up the name of its peer first, and nobody answers that.
  'own-only': (socket) => {
    if (socket.remoteAddress !== socket.localAddress) return
    socket.resume()
    socket.once('data', () => socket.end(ANSWER))
  },
  garbage: (socket) => socket.once('data', () => socket.end('220 mail.example.com ESMTP\r\n')),
}

if (manner === 'udp') {
  const socket = dgram.createSocket('udp4')
  socket.on('message', (message, from) => socket.send(message, from.port, from.address))
  socket.bind(Number(port), address, ready)
} else {
  const answer = (socket) => {
    socket.on('error', () => {})
    MANNERS[manner]?.(socket)
  }
  const server =
    manner === 'tls'
      ? tls.createServer(
          { key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/cert.pem`) },
          (socket) => {
            socket.on('error', () => {})
            socket.once('data', () => socket.end(ANSWER))
          },
        )
      : net.createServer({ pauseOnConnect: manner === 'own-only' }, answer)
  server.on('tlsClientError', () => {})
  server.listen(Number(port), address, ready)
}
