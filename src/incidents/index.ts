// incidents/ decides what an alarm means beside what was seen of its CLB before: a repeat of its sender, a second
// firing, or one that is over by now. Everything here is a pure function of what is known and what is new. It has no
// clock and keeps nothing; app/ holds the memory and says what time it is.

export { newestState } from './in-order.ts'
export { recentOf } from './rounds.ts'
export { see } from './see.ts'
export { joined, look, type Sighting } from './sightings.ts'
