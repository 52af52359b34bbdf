import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createServer as createSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { expect, it } from 'vitest'
import type { Alarm } from '../../src/model/alarm.ts'
import { ALARM_TOKEN, appWith, TOKENS } from './support.ts'

// Debian's package prometheus-alertmanager. Skipped where it is not installed.
const BINARY = '/usr/bin/prometheus-alertmanager'

const portOf = (server: { address(): unknown }): number => (server.address() as { port: number }).port

async function freePort(): Promise<number> {
  const socket = createSocket()
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve))
  const port = portOf(socket)
  await new Promise((resolve) => socket.close(resolve))
  return port
}

it.each([
  ['clb_id', 'lb-7dpmqwcu', { loadBalancerId: 'lb-7dpmqwcu' }],
  ['loadbalancer', 'lb-7dpmqwcu', { loadBalancerId: 'lb-7dpmqwcu' }],
  ['load_balancer_vip', '203.0.113.26', { vip: '203.0.113.26' }],
  ['instance', '203.0.113.26:443', { vip: '203.0.113.26', guessed: true }],
])('a real Alertmanager is understood if its alert has the label %s="%s"', async (label, value, clb) => {
  const alarms: Alarm[] = []
  const { app } = appWith(TOKENS, {
    enqueue: async (parsed) => {
      alarms.push(...parsed.alarms)
      return 'enqueued'
    },
  })
  const server = createServer(getRequestListener(app.fetch))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-alertmanager-'))
  const url = `http://127.0.0.1:${portOf(server)}/alarms?token=${ALARM_TOKEN}`
  writeFileSync(
    join(folder, 'config.yml'),
    JSON.stringify({
      route: { receiver: 'clb', group_wait: '0s' },
      receivers: [{ name: 'clb', webhook_configs: [{ url }] }],
    }),
  )
  const port = await freePort()
  const manager = spawn(
    BINARY,
    [
      `--config.file=${folder}/config.yml`,
      `--storage.path=${folder}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  const closed = new Promise((resolve) => manager.once('close', resolve))
  try {
    const alert = { labels: { alertname: 'ClbUnhealthy', [label]: value }, annotations: { summary: 's' } }
    const offer = () =>
      fetch(`http://127.0.0.1:${port}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify([alert]),
      }).then(
        ({ status }) => status,
        () => 0,
      )
    await expect.poll(offer, { timeout: 20_000 }).toBe(200)
    await expect.poll(() => alarms.length, { timeout: 20_000 }).toBe(1)
    expect(alarms[0]).toMatchObject({ source: 'alertmanager', state: 'firing', subject: 'ClbUnhealthy', clb })
  } finally {
    manager.kill('SIGKILL')
    await closed
    await new Promise((resolve) => server.close(resolve))
    rmSync(folder, { recursive: true })
  }
})
