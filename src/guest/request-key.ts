import type { GuestCheck } from './evaluation.ts'
import type { GuestFacts } from './facts.ts'

/** Equal for checks that send the same. */
export const requestKeyOf = ({ kind, method, host, path, httpVersion, sendHex }: GuestCheck): string =>
  JSON.stringify([kind, method, host, path, httpVersion, sendHex])

/** Facts of a machine that was asked about another check: how its request ended says nothing about this one. */
export const withoutOwnRequests = (facts: GuestFacts): GuestFacts => ({
  ...facts,
  requests: facts.requests.map((request) => ({ ...request, isOfCheck: false })),
})
