import { expect, it } from 'vitest'
import { scenarioDiagnoses } from '../support/gallery.ts'
import { renderWecom } from '../support/renderings.ts'

it('a thing in another region than the CLB is shown with its region', async () => {
  const shown = await scenarioDiagnoses('cross-region-sg')
  expect(renderWecom(shown.en)).toContain('> sg-far00001 is in ap-shanghai\n')
  expect(renderWecom(shown['zh-CN'])).toContain('> sg-far00001 在上海\n')
})

it('backends are not promised back where another rule may block them, too', async () => {
  const { en } = await scenarioDiagnoses('classic-private')
  expect(renderWecom(en)).toContain('(by evaluation, probes then pass here)')
  expect(renderWecom(en)).not.toContain('brings')
})

it('a partial cover says what it lacks', async () => {
  const { en } = await scenarioDiagnoses('acl-partial-cover')
  expect(renderWecom(en)).toContain('Blocked probe sources: 100.96.0.0/11.')
})
