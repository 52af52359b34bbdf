import http from 'node:http'
import type { Diagnosis } from '../../src/model/diagnosis.ts'

interface Event {
  readonly type: string
  readonly source: string
  readonly data: unknown
}

export interface WebhookCatcher {
  /** The address in the form of CLB_DOCTOR_SINKS. */
  readonly address: string
  readonly diagnoses: readonly Diagnosis[]
  readonly events: readonly Event[]
  close(): Promise<void>
}

/** Receives CloudEvents on a loopback port and keeps their Diagnoses. It answers after `afterMs`. */
export async function catchDiagnoses(afterMs = 0): Promise<WebhookCatcher> {
  const diagnoses: Diagnosis[] = []
  const events: Event[] = []
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const event = JSON.parse(Buffer.concat(chunks).toString('utf8'))
      events.push(event)
      diagnoses.push(event.data)
      setTimeout(() => res.writeHead(204).end(), afterMs)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    address: `webhook+http://127.0.0.1:${port}/hook`,
    diagnoses,
    events,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
