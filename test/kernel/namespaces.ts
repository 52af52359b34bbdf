import { type ChildProcess, spawn, spawnSync } from 'node:child_process'

/** Two hosts in network namespaces. They are connected only to each other, and they end with the test. */
export interface Wire {
  /** Runs a command on one host. If it fails, throws its output. */
  run(host: Host, command: readonly string[], input?: string): string
  start(host: Host, command: readonly string[]): ChildProcess
  close(): void
}

export type Host = 'prober' | 'backend'

export const BACKEND = { 4: '10.0.1.16', 6: '2001:db8:1::16' } as const
/** The prober can send from every address of these ranges. */
export const PROBERS = { 4: '100.64.0.0/10', 6: '2001:db8:64::/48' } as const

/** The reason why this machine cannot create the hosts; null if it can. */
export function whyNot(): string | null {
  if (process.getuid?.() !== 0) return 'not root'
  if (spawnSync('nft', ['--version']).status !== 0) return 'nft is not installed'
  const name = `clbd-try-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (made.error || made.status !== 0)
    return `no network namespaces: ${(made.stderr || 'ip is not installed').trim()}`
  try {
    const own = spawnSync('ip', ['netns', 'exec', name, 'nft', 'add', 'table', 'inet', 'clbd'], {
      encoding: 'utf8',
    })
    return own.status === 0 ? null : `nft does not work here: ${own.stderr.trim()}`
  } finally {
    spawnSync('ip', ['netns', 'del', name])
  }
}

export function layWire(): Wire {
  const names: Readonly<Record<Host, string>> = {
    prober: `clbd-p-${process.pid}`,
    backend: `clbd-b-${process.pid}`,
  }
  const here = (command: readonly string[], input?: string): string => {
    const [file = '', ...args] = command
    const { status, stdout, stderr } = spawnSync(file, args, {
      encoding: 'utf8',
      ...(input ? { input } : {}),
    })
    if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr.trim()}`)
    return stdout
  }
  const at = (host: Host, command: readonly string[]): readonly string[] => [
    'ip',
    'netns',
    'exec',
    names[host],
    ...command,
  ]
  const run: Wire['run'] = (host, command, input) => here(at(host, command), input)
  const close = (): void => {
    for (const name of Object.values(names)) spawnSync('ip', ['netns', 'del', name])
  }
  try {
    for (const name of Object.values(names)) here(['ip', 'netns', 'add', name])
    here([
      'ip',
      'link',
      'add',
      'wire',
      'netns',
      names.prober,
      'type',
      'veth',
      'peer',
      'name',
      'wire',
      'netns',
      names.backend,
    ])
    const ends: readonly (readonly [Host, string, string])[] = [
      ['prober', '10.0.1.1/24', '2001:db8:1::1/64'],
      ['backend', `${BACKEND[4]}/24`, `${BACKEND[6]}/64`],
    ]
    for (const [host, four, six] of ends) {
      run(host, ['ip', 'link', 'set', 'lo', 'up'])
      run(host, ['ip', 'link', 'set', 'wire', 'up'])
      run(host, ['ip', 'addr', 'add', four, 'dev', 'wire'])
      run(host, ['ip', '-6', 'addr', 'add', six, 'dev', 'wire', 'nodad'])
    }
    // Every address of the ranges is local to the prober, and the backend replies through the wire.
    run('prober', ['ip', 'route', 'add', 'local', PROBERS[4], 'dev', 'lo'])
    run('prober', ['ip', '-6', 'route', 'add', 'local', PROBERS[6], 'dev', 'lo'])
    run('prober', ['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind'])
    run('backend', ['ip', 'route', 'add', PROBERS[4], 'via', '10.0.1.1'])
    run('backend', ['ip', '-6', 'route', 'add', PROBERS[6], 'via', '2001:db8:1::1'])
  } catch (error) {
    close()
    throw error
  }
  return {
    run,
    close,
    start(host, command) {
      const [file = '', ...args] = at(host, command)
      return spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    },
  }
}
