import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { serve } from '../../src/server.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { setStage, surroundings } from '../e2e/support.ts'

// The READMEs show a message of the demo; this holds them to what the demo says.
const plain = (text: string): string => text.replace(/[>*#\s]|<br>|<\/?font[^>]*>/g, '')

describe.each([
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh-CN'],
] as const)('%s', (file, language) => {
  it('shows the message that the demo really sends', async () => {
    const scenario = findScenario('sg-blocks-vip')
    if (!scenario) throw new Error('no scenario')
    const stage = await setStage(scenario, language)
    const around = surroundings(stage)
    const server = await serve(around, { host: '127.0.0.1', port: 0 })
    await fetch(`http://127.0.0.1:${server.address.port}/alarms`, {
      method: 'POST',
      body: JSON.stringify(scenario.alarm()),
    })
    await server.stop()
    around.close()
    await stage.close()
    const readme = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')
    const message = stage.group.messages[0]?.content.split('\n').slice(0, -1) ?? []
    expect(message.length).toBeGreaterThan(8)
    for (const line of message) expect(plain(readme)).toContain(plain(line))
  })
})
