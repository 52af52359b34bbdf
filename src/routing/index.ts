// routing/ decides who hears of something, from the routes of `clb-doctor.json`. The first route that matches decides, unless
// it says to continue; what no route takes goes to the default. Everything here is a pure function. app/ says what a CLB or
// a scan has of what routes ask for, and explains a decision to people.

export type { Mismatch } from './match.ts'
export { type Routed, type RouteStep, routed, scanSubject, subjectOf } from './route.ts'
