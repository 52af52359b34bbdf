import type http from 'node:http'
import type { Answer } from './api.ts'

/** What an action does instead of answering normally. */
export type Fault = (
  | { readonly kind: 'error'; readonly code: string; readonly message?: string }
  /** Changes the normal answer in place. */
  | { readonly kind: 'changed'; readonly change: (answer: Answer) => void }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Answers normally when the promise resolves, or after a minute. */
  | { readonly kind: 'held'; readonly until: Promise<void> }
) & {
  /** For how many calls. If left out, for all. */
  readonly times?: number
}

export interface Faults {
  /** Sets the fault of one action (`vpc:DescribeSubnets`) or of all (`*`). An action's own fault goes first. */
  set(action: string, fault: Fault): void
  clear(action?: string): void
  /** The fault for this call, or null. Each call uses up one of its `times`. */
  take(action: string): Fault | null
}

export function createFaults(): Faults {
  const armed = new Map<string, { fault: Fault; left: number }>()
  return {
    set: (action, fault) => armed.set(action, { fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: (action) => (action === undefined ? armed.clear() : armed.delete(action)),
    take(action) {
      const entry = [armed.get(action), armed.get('*')].find((one) => one && one.left > 0)
      if (!entry) return null
      entry.left -= 1
      return entry.fault
    },
  }
}

const RAW_KINDS = ['http', 'reset', 'garbage', 'truncated'] as const

/** Faults below the API: the client gets no answer that has the form of the API. */
export type RawFault = Extract<Fault, { kind: (typeof RAW_KINDS)[number] }>

export const isRaw = (fault: Fault): fault is RawFault => RAW_KINDS.some((kind) => kind === fault.kind)

export function misbehave(fault: RawFault, res: http.ServerResponse): void {
  switch (fault.kind) {
    case 'http':
      res.writeHead(fault.status, { 'content-type': 'text/html' })
      res.end('<html>upstream</html>')
      return
    case 'reset':
      res.socket?.resetAndDestroy()
      return
    case 'garbage':
      res.writeHead(200, { 'content-type': 'application/json' })
      res.end('<html>not json</html>')
      return
    case 'truncated':
      res.writeHead(200, { 'content-type': 'application/json', 'content-length': '4096' })
      res.write('{"Response":{"TotalCount":1,"Load', () => res.socket?.end())
      return
  }
}
