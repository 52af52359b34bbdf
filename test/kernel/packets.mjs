// Runs on one of the two hosts. `listen <address> <ports>` answers every UDP packet. `send` reads packets from stdin as
// JSON, sends each from its own address and port, and prints `sent` at the end.
import dgram from 'node:dgram'
import net from 'node:net'

const [role, address, ports] = process.argv.slice(2)
/** Enough milliseconds for a packet and its reply between the two hosts. */
const SETTLE = 100
const typeOf = (ip) => (ip.includes(':') ? 'udp6' : 'udp4')

if (role === 'listen') {
  const sockets = ports.split(',').map((port) => {
    const socket = dgram.createSocket(typeOf(address))
    socket.on('message', (message, from) => socket.send(message, from.port, from.address, () => {}))
    return new Promise((resolve) => socket.bind(Number(port), address, resolve))
  })
  await Promise.all(sockets)
  process.stdout.write('ready\n')
  process.stdin.on('end', () => process.exit(0)).resume()
} else {
  let text = ''
  for await (const chunk of process.stdin) text += chunk
  await Promise.all(JSON.parse(text).map(send))
  process.stdout.write('sent\n')
  process.exit(0)
}

function send({ protocol, from, sourcePort, to, port }) {
  return new Promise((resolve, reject) => {
    if (protocol === 'tcp') {
      const socket = net.connect({ host: to, port, localAddress: from, localPort: sourcePort })
      socket.on('error', () => {})
      setTimeout(() => resolve(socket.destroy()), SETTLE)
      return
    }
    const socket = dgram.createSocket(typeOf(from))
    // A closed port answers with ICMP, which is an error here.
    socket.on('error', reject)
    socket.bind({ port: sourcePort, address: from }, () =>
      socket.send('probe', port, to, (error) =>
        error ? reject(error) : setTimeout(() => resolve(socket.close()), SETTLE),
      ),
    )
  })
}
