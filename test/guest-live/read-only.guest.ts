import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { withFault } from './bench.ts'
import { FAULTS } from './faults/index.ts'
import { requireLab } from './lab.ts'
import { listeningOn, stateOf } from './machine-state.ts'
import { ASH, BARE, bareTools, DASH, runScript } from './script.ts'

// The script only reads: rules, modules, settings, sockets and every file of the machine are the same after it.

beforeAll(requireLab)

/** Gives a command the whole file system to write on. What it writes lands in `upper` alone. */
const layered = (folder: string): readonly string[] => [
  'unshare',
  '-m',
  'sh',
  '-ec',
  `mount -t tmpfs tmpfs ${folder}; mkdir ${folder}/upper ${folder}/work ${folder}/root
mount -t overlay overlay -o lowerdir=/,upperdir=${folder}/upper,workdir=${folder}/work ${folder}/root
for part in proc sys dev; do mount --rbind /$part ${folder}/root/$part; done
cd ${folder}/root
status=0; chroot ${folder}/root "$@" || status=$?
find ${folder}/upper -mindepth 1 | sed 's/^/wrote: /'
exit $status`,
  'sh',
]

// Nothing is loaded on the first. The others have what the script lists: rules, sets, legacy tables, a cluster's chains.
const NAMES = ['healthy', 'ipset-partial', 'ipt-legacy-drop', 'k8s-healthy', 'v6-healthy', 'icmp-healthy']
const chosen = FAULTS.filter(({ name }) => NAMES.includes(name))

describe.concurrent.each([DASH, ASH, BARE])('the script in $name', (shell) => {
  it.each(chosen)(
    'leaves a backend with $name as it is',
    async (fault) => {
      await withFault(fault, async ({ lab, probes, folder }) => {
        await probes.close()
        const bare = join(folder, 'bin')
        const layer = join(folder, 'layer')
        await Promise.all([mkdir(bare), mkdir(layer)])
        await bareTools(bare)
        const before = await stateOf(lab)
        let isRunning = true
        const opened = new Set<string>()
        const watch = async (): Promise<void> => {
          while (isRunning) {
            for (const socket of (await listeningOn(lab)).split('\n')) opened.add(socket)
            await sleep(100)
          }
        }
        const watching = watch()
        const run = await runScript(lab, shell, { bare, check: fault.check, wrap: layered(layer) })
        isRunning = false
        await watching
        expect(run.exit, run.stderr).toBe(0)
        expect(run.stdout).toContain('clb-doctor-probe end')
        expect(run.stdout.match(/^wrote: .*/gm) ?? []).toEqual([])
        expect(await stateOf(lab)).toEqual(before)
        const listened = new Set(before['listening sockets']?.split('\n'))
        expect([...opened].filter((socket) => !listened.has(socket))).toEqual([])
        expect(await readdir(layer)).toEqual([])
      })
    },
    240_000,
  )
})

it('a script that writes is noticed', async () => {
  const [fault] = chosen
  if (!fault) throw new Error('no fault')
  await withFault(fault, async ({ lab, folder }) => {
    const layer = join(folder, 'layer')
    await mkdir(layer)
    const before = await stateOf(lab)
    const bad =
      'echo x >/var/tmp/mine; iptables -N mine; echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter; ipset create s hash:ip'
    const run = await lab.output('backend', [...layered(layer), 'sh', '-c', bad])
    expect(run.stdout).toMatch(/^wrote: .*\/var\/tmp\/mine$/m)
    const after = await stateOf(lab)
    const changed = Object.keys(after).filter((name) => after[name] !== before[name])
    expect(changed.toSorted()).toEqual(['nft rules', 'sets', 'sysctls'])
  })
}, 60_000)
