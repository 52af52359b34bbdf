import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { admit } from '../../src/cloud/door.ts'
import { ACTIONS, type Action } from '../../src/model/actions.ts'

const samples = (action: Action): readonly { readonly title: string; readonly answer: unknown }[] => {
  const file = new URL(`../fixtures/tencent-api/${action.replace(':', '-')}.json`, import.meta.url)
  if (!existsSync(file)) return []
  const { examples } = JSON.parse(readFileSync(file, 'utf8')) as {
    examples: { title: string; response: { Response: unknown } }[]
  }
  return examples.map(({ title, response }) => ({ title, answer: response.Response }))
}
const all = (Object.keys(ACTIONS) as Action[]).flatMap((action) =>
  samples(action).map(({ title, answer }) => ({ action, title, answer })),
)

describe('the vendor’s own samples', () => {
  it.each(all)('$action, $title: come in', ({ action, answer }) => {
    expect(admit(action, {}, answer)).toBeDefined()
  })
})
