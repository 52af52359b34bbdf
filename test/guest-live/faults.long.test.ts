import { wantedFaults } from './share.ts'
import { testFaults } from './suite.ts'

// All faults of `npm run test:guest`. Needs root and Debian's packages, as that does.
testFaults(wantedFaults())
