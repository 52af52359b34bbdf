import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { bodyOf, closeAtOnce, listenOnLoopback } from '../../../src/simulator/listen.ts'
import { freePort } from '../redis.ts'

const PROGRAM = 'prometheus-alertmanager'

export interface ToldAlert {
  readonly status: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export interface Alertmanager {
  /** `127.0.0.1:port/path` */
  readonly host: string
  /** The alerts that fire, as its API shows them. */
  alerts(): Promise<readonly ToldAlert[]>
  /** What it told its own receiver, newest last. */
  readonly told: readonly ToldAlert[]
  /** The same, each notification by itself. */
  readonly notifications: readonly (readonly ToldAlert[])[]
  close(): Promise<void>
}

/** Starts the real Alertmanager with files of its own. It tells a webhook of this process what fires and what is over. */
export async function startAlertmanager(groupBy = '...'): Promise<Alertmanager> {
  const told: ToldAlert[] = []
  const notifications: (readonly ToldAlert[])[] = []
  const hook = http.createServer((req, res) => {
    void bodyOf(req).then((body) => {
      const { alerts } = JSON.parse(body)
      told.push(...alerts)
      notifications.push(alerts)
      res.end()
    })
  })
  const hookPort = await listenOnLoopback(hook, 0)
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-alertmanager-'))
  const config = join(folder, 'config.yml')
  writeFileSync(
    config,
    `route: { receiver: hook, group_by: ['${groupBy}'], group_wait: 0s, group_interval: 1s }
receivers: [{ name: hook, webhook_configs: [{ url: 'http://127.0.0.1:${hookPort}/', send_resolved: true }] }]
`,
  )
  const host = `127.0.0.1:${await freePort()}`
  const child = spawn(
    PROGRAM,
    [
      `--config.file=${config}`,
      `--storage.path=${folder}`,
      `--web.listen-address=${host}`,
      '--web.route-prefix=/am',
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  )
  await ready(child, `http://${host}/am/-/ready`)
  return {
    host: `${host}/am`,
    told,
    notifications,
    async alerts() {
      const answer = await fetch(`http://${host}/am/api/v2/alerts`)
      return (await answer.json()) as readonly ToldAlert[]
    },
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await closeAtOnce(hook)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  let failure: Error | null = null
  child.once('error', (error) => {
    failure = new Error(`${PROGRAM} is missing; install Debian's package ${PROGRAM}`, { cause: error })
  })
  child.once('exit', () => {
    failure ??= new Error(`${PROGRAM} ended`)
  })
  for (;;) {
    if (failure) throw failure
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) return
    await delay(50)
  }
}
