import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import type { IncidentPage } from '../../src/model/incident.ts'
import { findScenario } from '../../src/simulator/index.ts'
import { freePort } from '../support/redis.ts'
import { CLI, clbDoctor, onStage } from './cli.ts'

const TOKEN = 'api-t0ken-of-16-letters'

it('an alarm leads to a message whose links open pages, and what a person says there outlives a restart', () =>
  onStage('sg-blocks-vip', async (stage) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const env = {
      PATH: process.env.PATH ?? '',
      ...stage.env,
      CLB_DOCTOR_PUBLIC_URL: url,
      CLB_DOCTOR_API_TOKEN: TOKEN,
    }
    const start = async () => {
      const child = spawn(process.execPath, [CLI, 'serve', '--host', '127.0.0.1', '--port', String(port)], {
        env,
      })
      let log = ''
      child.stderr.on('data', (chunk) => {
        log += chunk
      })
      await expect.poll(() => log, { timeout: 10_000 }).toContain('"message":"listening"')
      const stop = async () => {
        const closed = new Promise((resolve) => child.once('close', resolve))
        child.kill('SIGTERM')
        await closed
      }
      return { stop, log: () => log }
    }
    const first = await start()
    const body = JSON.stringify(findScenario('sg-blocks-vip')?.alarm())
    await fetch(`${url}/alarms`, { method: 'POST', body })
    await expect.poll(() => stage.group.messages.length, { timeout: 20_000 }).toBe(1)
    const links = [
      ...(stage.group.messages[0]?.content ?? '').matchAll(/http:\/\/127[^)\s]*\/incidents\/[^)\s]*/g),
    ]
    const [view = '', acknowledge = ''] = links.map(([link]) => link)
    expect((await fetch(view)).status).toBe(200)
    const pressed = await fetch(acknowledge, { method: 'POST', body: new URLSearchParams({ by: '张三' }) })
    expect([pressed.status, await pressed.text()]).toEqual([200, expect.stringContaining('张三')])
    await first.stop()

    // Nothing owns the folder now, so it is read.
    const read = await clbDoctor(['incidents', '--open', '--format', 'json'], stage.env)
    const page = JSON.parse(read.out) as IncidentPage
    expect(page.incidents).toMatchObject([{ acknowledgedBy: '张三', loadBalancers: [{ id: 'lb-7dpmqwcu' }] }])

    const second = await start()
    expect(await (await fetch(view)).text()).toContain('张三')
    const asked = await clbDoctor(['incidents', '--url', url], { ...stage.env, CLB_DOCTOR_API_TOKEN: TOKEN })
    expect([asked.status, asked.out]).toEqual([0, expect.stringContaining('张三')])
    await second.stop()
    const sig = new URL(view).searchParams.get('sig') ?? ''
    expect(first.log() + second.log()).not.toContain(sig)
  }))
