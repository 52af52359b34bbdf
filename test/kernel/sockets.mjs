// Runs on the backend. Opens the sockets that stdin names as JSON, says which ones the kernel refused, and ends with stdin.
import dgram from 'node:dgram'
import net from 'node:net'
import readline from 'node:readline'

function open({ protocol, host, port, ipv6Only }) {
  return new Promise((resolve) => {
    const isUdp = protocol === 'udp'
    const socket = isUdp
      ? dgram.createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', ipv6Only })
      : net.createServer((connection) =>
          connection
            .on('error', () => {})
            .resume()
            .end(),
        )
    socket.once('error', () => resolve(null))
    const done = () => resolve(socket)
    if (isUdp) socket.bind({ address: host, port }, done)
    else socket.listen({ host, port, ipv6Only }, done)
  })
}

let opened = []
for await (const line of readline.createInterface({ input: process.stdin })) {
  await Promise.all(opened.map((socket) => socket && new Promise((resolve) => socket.close(resolve))))
  opened = []
  for (const socket of JSON.parse(line)) opened.push(await open(socket))
  process.stdout.write(`${JSON.stringify(opened.map((socket) => socket !== null))}\n`)
}
process.exit(0)
