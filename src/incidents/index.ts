// incidents/ decides what an alarm means beside what was seen of its CLB before: a repeat of its sender, or a second
// firing. Everything here is a pure function of what is known and what is new. It has no clock and keeps nothing; app/
// holds the memory and says what time it is.

export { joined, look, type Sighting, see } from './sightings.ts'
