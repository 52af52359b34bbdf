import { testRandomMachines } from './random-tests.ts'

// A few machines composed at random, others every day in CI. Nobody says what they meet: real probes do.

testRandomMachines(6)
