import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { postToServe, setStage } from '../e2e/support.ts'

// The READMEs show a message of the demo. It must be the message that the demo sends.
const plain = (text: string): string => text.replace(/[>*#\s\u2060]|<br>|<\/?font[^>]*>/g, '')

describe.each([
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh-CN'],
] as const)('%s', (file, language) => {
  it('shows the message that the demo sends', async () => {
    const scenario = findScenario('sg-blocks-vip')
    if (!scenario) throw new Error('no scenario')
    const stage = await setStage(scenario, language)
    await postToServe(stage, scenario.alarm())
    await stage.close()
    const readme = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const message = stage.group.messages[0]?.content.split('\n').slice(0, -1) ?? []
    expect(message.length).toBeGreaterThan(5)
    for (const line of message) expect(plain(readme)).toContain(plain(line))
  })
})
