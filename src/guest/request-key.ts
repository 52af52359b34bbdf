import type { GuestCheck } from './evaluation.ts'
import type { GuestFacts } from './facts.ts'

/** Equal for checks that send the same. */
export const requestKeyOf = (check: GuestCheck): string => {
  const { kind, method, host, path, httpVersion, sendHex, transport } = check
  const own = [kind, method, host, path, httpVersion, sendHex]
  return JSON.stringify(transport === undefined ? own : [...own, transport])
}

/** Facts of a machine that was asked about another check: how its request ended says nothing about this one. */
export const withoutOwnRequests = (facts: GuestFacts): GuestFacts => ({
  ...facts,
  requests: facts.requests.map((request) => ({ ...request, isOfCheck: false })),
})
