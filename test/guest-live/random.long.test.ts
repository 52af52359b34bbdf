import { testRandomMachines } from './random-tests.ts'

// Needs root and Debian's packages, as `npm run test:guest` does.
testRandomMachines(100)
