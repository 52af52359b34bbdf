import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeParameters, factsOf } from '../../../src/guest/index.ts'
import { check, runProbe, SCRIPT, SHELL_NAMES, SHELLS, type Shell } from '../../support/probe-script.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'samples-'))
  // No list can be read.
  for (const name of ['nft', 'iptables-nft-save']) {
    writeFileSync(join(folder, name), '#!/bin/sh\nexit 1\n')
    chmodSync(join(folder, name), 0o755)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe.concurrent.each(SHELL_NAMES)('the samples in %s', (shell: Shell) => {
  it('of a long interval are one interval apart if it fits', async () => {
    const { output } = await runProbe(shell, check({ port: 9, intervalSeconds: 18 }))
    expect(Number(/^sample-after=(.*)$/m.exec(output)?.[1])).toBeGreaterThanOrEqual(17.9)
  }, 60_000)

  it('of rules that root may not list name the capability that is missing', () => {
    const parameters = encodeParameters({ check: check({ port: 9 }), sources: ['100.64.0.0/10'] })
    const [program, ...args] = SHELLS[shell]
    const text = execFileSync(
      'setpriv',
      ['--bounding-set=-net_admin', '--inh-caps=-net_admin', program, ...args, SCRIPT, parameters],
      { encoding: 'utf8', env: { PATH: `${folder}:/usr/bin:/usr/sbin` } },
    )
    const { notSeen } = factsOf({
      kind: 'probe',
      text,
      by: 'hand',
      at: '2026-11-29T12:00:00Z',
      instanceId: null,
    })
    expect(notSeen).toContainEqual({ layer: 'nft', why: 'permission', what: 'nft CAP_NET_ADMIN' })
    expect(notSeen).toContainEqual({
      layer: 'iptables',
      why: 'permission',
      what: 'iptables-nft-save CAP_NET_ADMIN',
    })
  }, 60_000)
})
