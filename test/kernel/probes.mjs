// Runs on one of the two hosts. `listen <address> <ports>` answers every TCP and UDP packet. `probe` reads packets from
// stdin as JSON, sends each from its own address and port, and prints as JSON what each met.
import dgram from 'node:dgram'
import net from 'node:net'

const [role, address, ports] = process.argv.slice(2)
const typeOf = (ip) => (ip.includes(':') ? 'udp6' : 'udp4')

if (role === 'listen') {
  const ready = ports.split(',').flatMap((port) => {
    const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket))
    const socket = dgram.createSocket(typeOf(address))
    socket.on('error', () => {})
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => {}))
    return [
      new Promise((resolve) => server.listen({ port: Number(port), host: address, backlog: 4096 }, resolve)),
      new Promise((resolve) => socket.bind(Number(port), address, resolve)),
    ]
  })
  await Promise.all(ready)
  process.stdout.write('ready\n')
  process.stdin.on('end', () => process.exit(0)).resume()
} else {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  const { packets, ms } = JSON.parse(text)
  const met = await Promise.all(packets.map((packet) => (packet.protocol === 'tcp' ? tcp : udp)(packet, ms)))
  process.stdout.write(JSON.stringify(met))
  process.exit(0)
}

function wordOf({ code }) {
  if (code === 'ECONNREFUSED') return 'refused'
  // EACCES is how IPv6 tells of "prohibited".
  if (['EHOSTUNREACH', 'ENETUNREACH', 'EACCES'].includes(code)) return 'unreachable'
  return code === 'ECONNRESET' ? 'reset' : code
}

function tcp({ from, sourcePort, to, port }, ms) {
  return new Promise((resolve) => {
    let isOpen = false
    const socket = net.connect({ host: to, port, localAddress: from, localPort: sourcePort })
    const end = (word) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isOpen && word !== 'answer' ? `open, then ${word}` : word)
    }
    const timer = setTimeout(() => end('time-out'), ms)
    socket.on('connect', () => {
      isOpen = true
      socket.write('probe')
    })
    socket.on('data', () => end('answer'))
    socket.on('error', (error) => end(wordOf(error)))
  })
}

function udp({ from, sourcePort, to, port }, ms) {
  return new Promise((resolve) => {
    const socket = dgram.createSocket(typeOf(from))
    const end = (word) => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      socket.on('error', () => {})
      socket.close()
      resolve(word)
    }
    const timer = setTimeout(() => end('time-out'), ms)
    socket.on('error', (error) => end(wordOf(error)))
    socket.on('message', () => end('answer'))
    socket.bind({ port: sourcePort, address: from }, () =>
      socket.connect(port, to, () => socket.send('probe', () => {})),
    )
  })
}
