import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factsOf, scriptHash, scriptText } from '../../src/guest/index.ts'
import { listen, OK, printedBy } from '../support/probe-script.ts'
import { healthCheck, snapshotOf } from '../support/snapshots.ts'
import { CLI, clbDoctor, onStage } from './cli.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guest-script-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const HTTP = {
  type: 'HTTP',
  method: 'HEAD',
  host: `a'b"$(touch ran).example`,
  path: '/x?`touch ran`',
  intervalSeconds: 2,
} as const

/** A snapshot with one HTTP backend, at an address and port. */
function saved(ip: string, port: number, check = {}): string {
  const made = snapshotOf({
    listener: { healthCheck: healthCheck({ ...HTTP, ...check }) },
    machines: [{ host: 16, status: 'Dead' }],
  })
  const text = JSON.stringify(made).replaceAll('10.0.1.16', ip).replaceAll('"port":8080', `"port":${port}`)
  const file = join(mkdtempSync(join(folder, 'saved-')), 'snapshot.json')
  writeFileSync(file, text)
  return file
}

const script = (file: string, target: string, ...options: readonly string[]) =>
  clbDoctor(['guest-script', '--snapshot', file, target, '--lang', 'en', ...options])

const factsIn = (text: string) =>
  factsOf({ kind: 'probe', text, by: 'hand', at: '2026-11-29T12:00:00Z', instanceId: null })

describe('clb-doctor guest-script', () => {
  it.each([
    ['sh', []],
    ['bash', ['--norc', '--noprofile']],
    ['bash', ['--norc', '--noprofile', '-i']],
    ['busybox', ['ash']],
  ] as const)(
    'prints what %s %s runs as it is pasted, and what came back has the answer to the real check',
    async (shell, args) => {
      const server = await listen(OK)
      const { status, out, err } = await script(saved('127.0.0.1', server.port), `127.0.0.1:${server.port}`)
      expect(status).toBe(0)
      expect(err).toContain('clb-doctor guest-judge - --snapshot')
      const cwd = process.cwd()
      const { text } = await printedBy(shell, args, out)
      await server.close()
      expect(text).toContain('clb-doctor-probe end')
      expect(text).not.toContain('event not found')
      expect(server.received[0]).toMatch(/^HEAD \/x\?`touch ran` HTTP\/1\.[01]\r\n/)
      expect(server.received[0]).toContain(`\r\nHost: a'b"$(touch ran).example\r\n`)
      const facts = factsIn(text)
      expect(facts.isComplete).toBe(true)
      expect(facts.script).toBe(scriptHash())
      expect(facts.target).toMatchObject({ ip: '127.0.0.1', port: server.port, protocol: 'tcp' })
      expect(facts.requests[0]).toMatchObject({ isOfCheck: true, end: { kind: 'answer', status: 200 } })
      expect(readdirSync(cwd)).not.toContain('ran')
    },
  )

  it('names the command that judges what came back by the settings of the real check', async () => {
    const server = await listen('HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    const file = saved('127.0.0.1', server.port, { host: 'a.example', path: '/x', httpCodes: 2 })
    const { out, err } = await script(file, `127.0.0.1:${server.port}`)
    const { text } = await printedBy('sh', [], out)
    await server.close()
    const [, given = ''] = /clb-doctor (guest-judge - --snapshot \S+)/.exec(err) ?? []
    const command = `${process.execPath} ${CLI} ${given} --format json`
    const judged = await printedBy('sh', ['-c', command], text)
    expect(judged.text).toContain('guest-http/status-mismatch')
    expect(judged.status).toBe(1)
  })

  it('prints one command with a here-document, without a comment that zsh would run', async () => {
    const { out } = await script(saved('10.0.1.16', 8080), '10.0.1.16:8080')
    const [first, ...lines] = out.trimEnd().split('\n')
    expect(first).toMatch(/^sh -s -- [A-Za-z\d+/=]+ <<'CLB_DOCTOR'$/)
    expect(lines.at(-1)).toBe('CLB_DOCTOR')
    expect(lines.slice(0, -1).join('\n')).toBe(scriptText().split('\n').slice(1).join('\n').trimEnd())
  })

  it('takes the backend of the API by address, by machine and without its port', () =>
    onStage('service-down', async ({ env }) => {
      const { out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--format', 'json'], env)
      const target = /"ip": ?"(10\.[\d.]+)",\s*"port": ?(\d+)/.exec(out)
      const [, ip = '', port = ''] = target ?? []
      const runs = await Promise.all(
        [`${ip}:${port}`, ip].map((name) => clbDoctor(['guest-script', 'lb-7dpmqwcu', name], env)),
      )
      for (const { status, out } of runs) {
        expect(status).toBe(0)
        expect(out.startsWith('sh -s -- ')).toBe(true)
      }
      expect(runs[0]?.out).toBe(runs[1]?.out)
      expect(runs[0]?.err).toContain('clb-doctor guest-judge - --target')
    }))

  it('prints the form for the node of a pod first, and kubectl and nsenter forms for the pod', () =>
    onStage('global-router-pods', async ({ env }) => {
      const { out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--format', 'json'], env)
      const [, ip = ''] = /"ip": ?"([\d.]+)"/.exec(out) ?? []
      const run = await clbDoctor(['guest-script', 'lb-7dpmqwcu', ip, '--lang', 'en'], env)
      const pod = `\\$\\(kubectl get pods -A --field-selector status.podIP=${ip.replaceAll('.', '\\.')} .*\\)`
      // The node decides most: it forwards the probes, and asks the pod.
      expect(run.out).toMatch(new RegExp(`^kubectl debug -i node/"${pod}" .* -- chroot /host sh -s -- `))
      expect(run.err).toMatch(/^ {2}sh -s -- /m)
      expect(run.err).toMatch(new RegExp(`^ {2}kubectl exec -i ${pod} -- sh -s -- `, 'm'))
      expect(run.err).toMatch(new RegExp(`^ {2}kubectl debug -i ${pod} `, 'm'))
      expect(run.err).toContain('nsenter -n -t')
    }))

  it('prints a kubectl form for a node', () =>
    onStage('local-policy', async ({ env }) => {
      const run = await clbDoctor(['guest-script', 'lb-7dpmqwcu', '10.0.1.18:31080', '--lang', 'en'], env)
      expect(run.out).toMatch(/^sh -s -- /)
      expect(run.err).toContain('kubectl debug -i node/"$(kubectl get nodes')
      expect(run.err).toContain('== "10.0.1.18"')
      expect(run.err).toContain('-- chroot /host sh -s -- ')
    }))

  it('names a managed service, which has no shell', () =>
    onStage('redis-group', async ({ env }) => {
      const { out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--format', 'json'], env)
      const [, ip = ''] = /"ip": ?"([\d.]+)"/.exec(out) ?? []
      const run = await clbDoctor(['guest-script', 'lb-7dpmqwcu', ip, '--lang', 'en'], env)
      expect([run.status, run.out]).toEqual([2, ''])
      expect(run.err).toContain('managed service without a shell')
    }))

  it('prints PowerShell commands with the real values for Windows', async () => {
    const file = saved('10.0.1.16', 8080, { path: `/a'b $(x)`, host: 'h’; Remove-Item x #' })
    const { status, out, err } = await script(file, '10.0.1.16:8080', '--windows')
    expect(status).toBe(0)
    expect(out.split('\n')).toEqual([
      'Get-NetTCPConnection -LocalPort 8080 | Format-Table LocalAddress,LocalPort,RemoteAddress,State,OwningProcess',
      'Get-NetFirewallProfile | Format-Table Name,Enabled,DefaultInboundAction',
      expect.stringContaining(`$_.Protocol -in 'TCP','Any' -and $_.LocalPort -in '8080','Any'`),
      'Test-NetConnection -ComputerName 10.0.1.16 -Port 8080',
      `Invoke-WebRequest -UseBasicParsing -MaximumRedirection 0 -Method HEAD -Uri 'http://10.0.1.16:8080/a%27b%20%24(x)' -Headers @{ Host = 'h’’; Remove-Item x #' } -UserAgent 'clb-healthcheck' -TimeoutSec 2`,
      '',
    ])
    expect(err).toContain('A person reads what they print')
  })

  it('prints the line that registers the script', async () => {
    const { status, out, err } = await clbDoctor([
      'guest-script',
      '--register',
      '--region',
      'gz',
      '--lang',
      'en',
    ])
    expect(status).toBe(0)
    expect(out).toMatch(
      /^tccli tat CreateCommand --region ap-guangzhou --CommandName clb-doctor-probe-[\da-f]{32} .*\n$/,
    )
    expect(err).toContain('CLB_DOCTOR_TAT_COMMAND')
  })

  it.each([
    [['guest-script'], 'name the CLB and the backend'],
    [['guest-script', 'lb-7dpmqwcu'], 'name the CLB and the backend'],
    [['guest-script', 'lb-7dpmqwcu', 'nonsense'], '"nonsense" is not a backend'],
    [['guest-script', '--register', 'lb-7dpmqwcu'], '--register needs only --region'],
    [['guest-script', '--register'], 'add --region'],
  ])('refuses %j by name', async (args, why) => {
    const { status, out, err } = await clbDoctor([...args, '--lang', 'en'])
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(why)
  })

  it('without keys names the missing one, and the snapshot that needs none', async () => {
    const { status, out, err } = await clbDoctor([
      'guest-script',
      'lb-7dpmqwcu',
      '10.0.1.16:8080',
      '--lang',
      'en',
    ])
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain('TENCENTCLOUD_SECRETID')
    expect(err).toContain('clb-doctor guest-script --snapshot FILE')
  })

  it('lists the rules of a listener, if each has a check of its own', async () => {
    const rules = ['cart', 'shop'].map((name) => ({
      locationId: `loc-${name}`,
      domain: 'shop.example.com',
      url: `/${name}`,
      healthCheck: healthCheck({ type: 'HTTP', path: `/${name}` }),
      forwardType: 'HTTP',
      targetType: 'NODE',
      targetGroupIds: [],
      redirectsTo: null,
    }))
    const machines = rules.map(({ locationId }) => ({
      host: 16,
      status: 'Dead',
      registration: { locationId },
    }))
    const file = join(folder, 'two-rules.json')
    const made = snapshotOf({ listener: { protocol: 'HTTP', healthCheck: null, rules }, machines })
    writeFileSync(file, JSON.stringify(made))
    const of = (...options: readonly string[]) => script(file, '10.0.1.16:8080', ...options)
    const several = await of('--listener', 'lbl-aaaaaaaa')
    expect([several.status, several.out]).toEqual([2, ''])
    for (const name of ['cart', 'shop'])
      expect(several.err).toContain(`--rule loc-${name} (HTTP:443 shop.example.com/${name})`)
    expect((await of()).err).toContain('add --rule loc-shop (HTTP:443 shop.example.com/shop)')
    const one = await of('--rule', 'shop.example.com/shop')
    expect(one.status).toBe(0)
    expect(one.err).toContain('the check of HTTP:443 shop.example.com/shop')
    const none = await of('--rule', 'shop.example.com/nowhere')
    expect([none.status, none.out]).toEqual([2, ''])
    expect(none.err).toContain('there is no rule shop.example.com/nowhere; there are --rule loc-cart')
  })

  it('names backends that are there if the named one is not', async () => {
    const { status, err } = await script(saved('10.0.1.16', 8080), '10.9.9.9:1')
    expect(status).toBe(2)
    expect(err).toContain('there is no backend 10.9.9.9:1; there are 1, such as 10.0.1.16:8080')
  })
})
