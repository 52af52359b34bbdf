import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseRedisAddress, type RedisAddress } from '../../src/store/index.ts'

const PROGRAM = 'redis-server'

export interface TestRedis {
  readonly url: string
  readonly address: RedisAddress
  readonly port: number
  /** Kills it, as a crash would, and starts it again with the same files. */
  restart(signal?: NodeJS.Signals): Promise<void>
  down(signal?: NodeJS.Signals): Promise<void>
  up(): Promise<void>
  signal(signal: NodeJS.Signals): void
  /** `redis-cli` with these words. */
  cli(...words: string[]): string
  close(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address === 'object' && address !== null) return address.port
  throw new Error('no port')
}

/** Starts a real Redis on a free port of loopback, with its files in a folder of its own. */
export async function startRedis(...settings: readonly string[]): Promise<TestRedis> {
  // Another program may take the port meanwhile.
  for (let tries = 1; ; tries++)
    try {
      return await startedAt(await freePort(), settings)
    } catch (error) {
      if (tries === 5 || !String(error).includes('Address already in use')) throw error
    }
}

async function startedAt(port: number, settings: readonly string[]): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-redis-'))
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction']
  const password = settings[settings.indexOf('--requirepass') + 1]
  const credentials =
    settings.includes('--requirepass') && password ? ['-a', password, '--no-auth-warning'] : []
  const cli = (...words: string[]): string =>
    execFileSync('redis-cli', ['-p', String(port), ...credentials, ...words], { encoding: 'utf8' }).trim()
  let server: ChildProcess | null = null

  async function up(): Promise<void> {
    const child = spawn(PROGRAM, [...args, ...durable, ...settings], { stdio: ['ignore', 'pipe', 'pipe'] })
    server = child
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    let failure: Error | null = null
    child.once('error', (error) => {
      failure = new Error(`${PROGRAM} is missing; install Debian's package redis-server`, { cause: error })
    })
    child.once('exit', () => {
      failure ??= new Error(`${PROGRAM} ended: ${output.slice(-500)}`)
    })
    while (!output.includes('Ready to accept connections')) {
      if (failure) throw failure
      await delay(10)
    }
  }
  async function down(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const ended = once(server, 'exit')
    server.kill(signal)
    server.kill('SIGCONT')
    await ended
  }
  await up()
  const url = `redis://127.0.0.1:${port}`
  const address = parseRedisAddress(url)
  if (!address) throw new Error(url)
  return {
    url,
    address,
    port,
    up,
    down,
    cli,
    signal: (signal) => void server?.kill(signal),
    async restart(signal) {
      await down(signal)
      await up()
    },
    async close() {
      await down()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
