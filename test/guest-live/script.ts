import { symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { GuestCheck } from '../../src/guest/evaluation.ts'
import { encodeParameters } from '../../src/guest/script/index.ts'
import { type Lab, type Output, outputOf, rangesOf } from './lab.ts'

// Runs guest/probe.sh on the backend, in the shells and with the tools that machines have.

const SCRIPT = fileURLToPath(new URL('../../guest/probe.sh', import.meta.url))

export interface Shell {
  readonly name: string
  readonly command: readonly string[]
  /** True: nothing but BusyBox is in PATH. */
  readonly isBare: boolean
}

export const DASH: Shell = { name: 'dash', command: ['dash'], isBare: false }
export const ASH: Shell = { name: 'ash', command: ['busybox', 'ash'], isBare: false }
/** As in a small image: no ss, nft, iptables, curl. */
export const BARE: Shell = { name: 'ash with BusyBox only', command: ['busybox', 'ash'], isBare: true }
export const SHELLS = [DASH, ASH, BARE] as const

/** A folder with BusyBox and links to it. */
export async function bareTools(folder: string): Promise<string> {
  const { stdout } = await outputOf('busybox', ['--list'])
  const busybox = (await outputOf('sh', ['-c', 'readlink -f "$(command -v busybox)"'])).stdout.trim()
  const names = new Set(['busybox', ...stdout.trim().split('\n')])
  await Promise.all([...names].map((name) => symlink(busybox, join(folder, name))))
  return folder
}

/** `wrap` stands before the command, for example what gives it file systems of its own. */
export async function runScript(
  lab: Lab,
  { command, isBare }: Shell,
  { bare, check, wrap = [] }: { bare: string; check: GuestCheck; wrap?: readonly string[] },
): Promise<Output> {
  const path = isBare ? bare : '/usr/sbin:/usr/bin:/sbin:/bin'
  const shell = command.map((part, i) => (i === 0 && isBare ? join(bare, part) : part))
  return await lab.output('backend', [
    ...wrap,
    'env',
    '-i',
    `PATH=${path}`,
    'HOME=/root',
    ...shell,
    SCRIPT,
    encodeParameters({ check, sources: rangesOf(check) }),
  ])
}
