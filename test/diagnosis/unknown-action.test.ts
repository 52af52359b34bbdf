import { describe, expect, it } from 'vitest'
import { failureGap } from '../../src/diagnosis/gaps/index.ts'
import type { ActionName } from '../../src/model/fact.ts'

// A saved snapshot may come from a version with other actions.
describe('an action that this version does not have', () => {
  it.each<ActionName>(['vpc:DescribeSomethingNew', 'toString:constructor'])(
    'is shown unchanged in the gap: %s',
    (action) => {
      const gap = failureGap({ problem: 'denied', action, code: 'UnauthorizedOperation', message: '' }, 'en')
      expect(gap).toEqual({
        what: action,
        why: `no permission (UnauthorizedOperation): grant ${action}`,
        action,
        errorCode: 'UnauthorizedOperation',
        grant: action,
      })
    },
  )
})
