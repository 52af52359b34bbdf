import { expect, it } from 'vitest'
import type { AppContext } from '../../src/app/context.ts'
import { createHandOver } from '../../src/function/hand-over.ts'

it('a payload that is nested too deeply to be written is not handed over', async () => {
  const payload: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  const context = { config: { handsOver: false } } as AppContext
  const own = { function_name: 'clb-doctor' }
  const handedOver = { payload, takenAt: 1, platformContext: own, total: 4_000 }
  expect(await createHandOver(context)(handedOver)).toBe(false)
})
