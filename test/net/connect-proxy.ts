import http from 'node:http'
import net from 'node:net'

export interface ConnectProxy extends AsyncDisposable {
  readonly port: number
  /** The requested target, e.g. `clb.tencentcloudapi.com:443`. */
  readonly targets: readonly string[]
  /** `Proxy-Authorization` of each request. */
  readonly authorizations: readonly (string | undefined)[]
  /** Resolves when a client has closed its connection. */
  readonly isLeft: Promise<void>
}

/**
 * A real CONNECT proxy. `route` maps a target to a port on loopback, or to the HTTP status of a refusal. If it
 * returns null, the proxy never answers.
 */
export async function startProxy(
  route: (target: string) => { readonly port: number } | { readonly status: number } | null,
): Promise<ConnectProxy> {
  const targets: string[] = []
  const authorizations: (string | undefined)[] = []
  let leave = (): void => undefined
  const isLeft = new Promise<void>((resolve) => {
    leave = resolve
  })
  const open = new Set<net.Socket>()
  const server = http.createServer((_, response) => void response.writeHead(501).end('only CONNECT'))
  server.on('connect', (request, client: net.Socket) => {
    const target = request.url ?? ''
    targets.push(target)
    authorizations.push(request.headers['proxy-authorization'])
    const found = route(target)
    if (!found) return void client.on('end', () => client.end()).resume()
    if ('status' in found) return void client.end(`HTTP/1.1 ${found.status} No\r\nContent-Length: 0\r\n\r\n`)
    const upstream = net.connect(found.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(upstream).pipe(client)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
    client.on('close', () => upstream.destroy())
  })
  server.on('connection', (socket) => {
    open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', leave)
  })
  const port = await listen(server)
  return {
    port,
    targets,
    authorizations,
    isLeft,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Starts a server on a free port of loopback, and returns the port. */
export async function listen(server: net.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}
