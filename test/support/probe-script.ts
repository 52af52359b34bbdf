import { execFile, spawn } from 'node:child_process'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { encodeParameters, factsOf, type GuestCheck, type GuestFacts } from '../../src/guest/index.ts'
import { guestCheck } from './guest-check.ts'

export const SCRIPT = fileURLToPath(new URL('../../guest/probe.sh', import.meta.url))

/** The shells that a backend may have: of Debian, of small images, of everything else. */
export const SHELLS = {
  dash: ['dash'],
  'BusyBox ash': ['busybox', 'ash'],
  bash: ['bash'],
} as const satisfies Readonly<Record<string, readonly string[]>>
export type Shell = keyof typeof SHELLS
export const SHELL_NAMES = Object.keys(SHELLS) as readonly Shell[]

export const check = (changes: Partial<GuestCheck>): GuestCheck =>
  guestCheck({ ip: '127.0.0.1', httpVersion: 'HTTP/1.1', timeoutSeconds: 2, intervalSeconds: 1, ...changes })

export interface Run {
  readonly output: string
  readonly facts: GuestFacts
  readonly seconds: number
}

export interface Setting {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly sources?: readonly string[]
  readonly protocol?: 'tcp' | 'udp'
  readonly within?: number
}

/** Runs guest/probe.sh in a shell about one check. */
export async function runProbe(shell: Shell, about: GuestCheck, setting: Setting = {}): Promise<Run> {
  const { sources = ['100.64.0.0/10'], protocol, within } = setting
  const parameters = encodeParameters({
    check: about,
    sources,
    ...(protocol ? { protocol } : {}),
    ...(within === undefined ? {} : { within }),
  })
  return runWith(shell, [SCRIPT, parameters], setting)
}

export async function runWith(shell: Shell, args: readonly string[], setting: Setting = {}): Promise<Run> {
  const began = Date.now()
  const output = await outputOf(shell, args, setting)
  const report = {
    kind: 'probe',
    text: output,
    by: 'hand',
    at: '2026-11-29T12:00:00Z',
    instanceId: null,
  } as const
  return { output, facts: factsOf(report), seconds: (Date.now() - began) / 1000 }
}

const outputOf = (shell: Shell, args: readonly string[], { env, cwd }: Setting): Promise<string> =>
  new Promise((resolve, reject) => {
    const [program, ...own] = SHELLS[shell].map((name) => pathOf(name))
    const options = { ...(env ? { env } : {}), ...(cwd ? { cwd } : {}), timeout: 60_000, maxBuffer: 1 << 24 }
    execFile(program ?? '', [...own, ...args], options, (error, stdout) =>
      error && error.code === undefined ? reject(error) : resolve(stdout),
    )
  })

/** With its full path, because a test may take the PATH away. */
const pathOf = (name: string): string => (name === 'ash' ? name : `/usr/bin/${name}`)

export interface Listener {
  readonly port: number
  /** What came in, by connection. */
  readonly received: readonly string[]
  readonly close: () => Promise<void>
}

/** A real server that keeps the bytes that it gets. `answer`: null never answers. */
export async function listen(answer: string | null, host = '127.0.0.1'): Promise<Listener> {
  const received: string[] = []
  const open = new Set<Socket>()
  const server: Server = createServer((socket) => {
    const at = received.push('') - 1
    open.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => open.delete(socket))
    socket.on('data', (bytes) => {
      received[at] += bytes.toString('latin1')
      if (answer !== null && received[at]?.includes('\r\n\r\n')) socket.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'

/** What a program prints to both streams, and its exit status. */
export const printedBy = (
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ status: number | null; text: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args)
    let text = ''
    child.stdout.on('data', (chunk) => (text += chunk))
    child.stderr.on('data', (chunk) => (text += chunk))
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, text }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
