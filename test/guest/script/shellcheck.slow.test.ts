import { expect, it } from 'vitest'
import { printedBy, SCRIPT } from '../../support/probe-script.ts'

it('guest/probe.sh passes shellcheck', async () => {
  expect(await printedBy('shellcheck', [SCRIPT])).toEqual({ status: 0, text: '' })
})
