import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findScenario } from '../../src/simulator/index.ts'
import { printed } from '../support/kubectl.ts'
import { CLI } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'guest-judge-cluster-'))
afterAll(() => rmSync(folder, { recursive: true }))

const json = JSON.stringify(printed(findScenario('local-policy')?.build() ?? raise()))
function raise(): never {
  throw new Error('no scenario')
}

interface Ended {
  readonly status: number | null
  readonly out: string
  readonly err: string
}

/** The built command with a text on its stdin. */
function judge(text: string, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, 'guest-judge', '-', '--lang', 'en', ...args])
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
  })
  child.stdin.end(text)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, out, err })))
}

describe('guest-judge of what kubectl printed', () => {
  it('prints a list without a target and an object with one, and exits by the findings', async () => {
    const all = await judge(json, '--format', 'json')
    expect([all.status, JSON.parse(all.out)]).toEqual([
      1,
      [
        {
          target: 'shop/web TCP:443',
          outcomes: [{ source: '100.64.0.0/10', outcome: 'unknown', decidedBy: null }],
          findings: [expect.objectContaining({ code: 'tke-node/local-policy-no-pod', certainty: 'certain' })],
          notSeen: [expect.stringContaining('inside of the machines')],
        },
      ],
    ])
    const one = await judge(json, '--format', 'json', '--target', '10.0.1.18:31080')
    expect([one.status, JSON.parse(one.out).outcomes]).toEqual([
      1,
      [expect.objectContaining({ outcome: 'timeout' })],
    ])
    const well = await judge(json, '--format', 'json', '--target', '10.0.1.16:31080')
    expect([well.status, JSON.parse(well.out).findings]).toEqual([3, []])
  })

  it('tells a person what to change', async () => {
    const { out } = await judge(json)
    expect(out).toContain('shop/web TCP:443, as the cluster says')
    expect(out).toMatch(/local-svc-only-bind-node-with-pod/)
  })

  it.each([
    ['{"a": 1}', [], /no Kubernetes object; run kubectl get svc/],
    ['{"items": [', [], /JSON/],
    [
      JSON.stringify({ kind: 'SecretList', items: [{ metadata: { name: 'never-shown' } }] }),
      [],
      /only Secret/,
    ],
    [json, ['--target', '10.9.9.9:30001'], /no Service in .* has this NodePort/],
    [json, ['--path', '/x'], /for the output of a machine/],
  ])('refuses %.20s… with what to do', async (text, args, message) => {
    const { status, err, out } = await judge(text, ...args)
    expect([status, out]).toEqual([2, ''])
    expect(err).toMatch(message)
    expect(err).not.toContain('never-shown')
  })

  it('takes a file', async () => {
    const file = join(folder, 'cluster.json')
    writeFileSync(file, json)
    const child = spawn(process.execPath, [CLI, 'guest-judge', file, '--format', 'json'])
    const status = await new Promise((resolve) => child.on('close', resolve))
    expect(status).toBe(1)
  })
})
