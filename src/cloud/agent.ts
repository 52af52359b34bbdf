import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'

const SOCKETS = 32

/**
 * Keep-alive connections, at most 32 per host. The SDK derives Host and signature from the URL, so an origin is
 * reached below it: the request says `clb.tencentcloudapi.com`, the connection goes to the origin.
 * @param origin `http://…` or `https://…` without a path; null for the real host
 */
export function createAgent(origin: string | null): http.Agent {
  const options = { keepAlive: true, maxSockets: SOCKETS, maxFreeSockets: SOCKETS }
  if (origin === null) return guarded(new https.Agent(options))
  const { hostname, port, protocol } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'https:')
    return guarded(
      Object.assign(new https.Agent(options), {
        createConnection: () =>
          tls.connect({
            host,
            port: Number(port || 443),
            ...(net.isIP(host) > 0 ? {} : { servername: host }),
          }),
      }),
    )
  return guarded(
    Object.assign(new http.Agent(options), {
      createConnection: () => net.connect({ host, port: Number(port || 80) }),
    }),
  )
}

/** Closes what is not in use. */
export function dropIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
}

/** `addRequest` is where an agent learns of a request: not in the documentation, but what agent libraries build on. */
type RequestTaker = { addRequest(request: http.ClientRequest, ...rest: unknown[]): void }

function guarded<A extends http.Agent>(agent: A): A {
  const taker = agent as unknown as RequestTaker
  const addRequest = taker.addRequest.bind(agent)
  taker.addRequest = (request, ...rest) => {
    request.once('response', (response) => guard(request, response))
    addRequest(request, ...rest)
  }
  return agent
}

/** Four habits of node-fetch 2.7, which the SDK leaves no way to switch off. */
function guard(request: http.ClientRequest, response: http.IncomingMessage): void {
  // It follows redirects, and would take the X-TC-Token header along to another host.
  delete response.headers.location
  // It takes an answer in chunks for cut short where the next request has its connection by then.
  delete response.headers['transfer-encoding']
  // It leaves the body of a failed answer unread, and a large one holds its connection for ever.
  if (response.statusCode !== 200)
    queueMicrotask(() => {
      response.unpipe()
      response.resume()
    })
  // It waits for the rest of an answer whose connection has ended.
  response.once('close', () => {
    if (!response.complete) request.emit('error', new Error('the answer was cut short: ECONNRESET'))
  })
}
