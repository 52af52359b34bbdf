/** What an action can be told to do instead of answering. */
export type Fault = (
  | { readonly kind: 'error'; readonly code: string; readonly message?: string }
  | { readonly kind: 'http'; readonly status: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'truncated' }
  | { readonly kind: 'slow'; readonly ms: number }
) & {
  /** How many times; always, when left out. */
  readonly times?: number
}

export interface Faults {
  /** For one action (`vpc:DescribeSubnets`) or all (`*`). */
  set(action: string, fault: Fault): void
  clear(action?: string): void
  /** The fault of this call, counted down. */
  take(action: string): Fault | null
}

export function createFaults(): Faults {
  const armed = new Map<string, { fault: Fault; left: number }>()
  return {
    set: (action, fault) => armed.set(action, { fault, left: fault.times ?? Number.POSITIVE_INFINITY }),
    clear: (action) => (action === undefined ? armed.clear() : armed.delete(action)),
    take(action) {
      const entry = armed.get(action) ?? armed.get('*')
      if (!entry || entry.left <= 0) return null
      entry.left -= 1
      return entry.fault
    },
  }
}
