import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { encodeParameters } from '../../src/guest/index.ts'
import { check } from '../guest/recordings.ts'
import { CLI, clbDoctor } from './cli.ts'

const FOLDERS = fileURLToPath(new URL('../fixtures/guest/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'guest-judge-'))
afterAll(() => rmSync(folder, { recursive: true }))

const at = (name: string): string => join(folder, name)

async function json(...args: readonly string[]) {
  const { status, out, err } = await clbDoctor(['guest-judge', ...args, '--format', 'json', '--lang', 'en'])
  return { status, err, answer: out === '' ? null : JSON.parse(out) }
}

/** The command with a text on its stdin. */
function piped(text: string, ...args: readonly string[]): Promise<{ status: number | null; err: string }> {
  const child = spawn(process.execPath, [CLI, 'guest-judge', '-', '--lang', 'en', ...args])
  let err = ''
  child.stderr.on('data', (part) => {
    err += part
  })
  child.stdin.end(text)
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, err })))
}

describe('guest-judge of a folder', () => {
  it('answers for each source, in the words of the contract', async () => {
    const sources = ['--source', '100.64.0.5', '--source', '10.0.0.10/32']
    const { status, answer } = await json(join(FOLDERS, 'ipt-drop-100-64'), ...sources)
    expect(status).toBe(1)
    expect(Object.keys(answer)).toEqual(['target', 'outcomes', 'findings', 'notSeen'])
    expect(answer.target).toBe('10.0.1.16:80')
    expect(answer.outcomes).toEqual([
      {
        source: '100.64.0.5/32',
        outcome: 'timeout',
        decidedBy: 'iptables filter INPUT #1: -s 100.64.0.0/10 -j DROP',
      },
      { source: '10.0.0.10/32', outcome: 'ok', decidedBy: null },
    ])
    expect(answer.findings).toEqual([
      {
        code: 'guest-firewall/probe-dropped',
        certainty: 'likely',
        sources: ['100.64.0.5/32'],
        title: expect.stringContaining('iptables'),
        detail: expect.stringContaining('100.64.0.5'),
        fix: expect.stringContaining('iptables -I INPUT 1 -s 100.64.0.5/32 -p tcp --dport 80 -j ACCEPT'),
      },
    ])
    expect(answer.notSeen).toEqual([])
  })

  it('takes the whole range without sources, and exits with 0 if all of it gets through', async () => {
    const { status, answer } = await json(join(FOLDERS, 'healthy'))
    expect(status).toBe(0)
    expect(answer.outcomes).toEqual([{ source: '100.64.0.0/10', outcome: 'ok', decidedBy: null }])
  })

  it.each([
    [['--codes', '2xx,3xx'], 1, 'wrong-answer', ['guest-http/status-mismatch']],
    [[], 0, 'ok', []],
    [['--check', 'tcp'], 0, 'ok', []],
    // Nobody asked for that page, with that method or with that name.
    [['--path', '/health'], 3, 'unknown', []],
    [['--method', 'head'], 3, 'unknown', []],
    [['--host', 'shop.example.com'], 3, 'unknown', []],
  ])('holds an HTTP 404 against the settings %j', async (options, status, outcome, codes) => {
    const ran = await json(join(FOLDERS, 'http-404'), ...options)
    expect(ran.status).toBe(status)
    expect(ran.answer.outcomes[0].outcome).toBe(outcome)
    expect(ran.answer.findings.map(({ code }: { code: string }) => code)).toEqual(codes)
  })

  it('compares the time with the time-out of the check', async () => {
    const { answer } = await json(join(FOLDERS, 'http-slow-3s'), '--timeout', '2.5')
    expect(answer.outcomes[0]).toEqual({
      source: '100.64.0.0/10',
      outcome: 'http-timeout',
      decidedBy: 'GET /: answer after 3.001 s',
    })
    expect(answer.findings).toMatchObject([{ code: 'guest-http/too-slow' }])
  })

  it('names no command of the cloud, whose CLB it does not know', async () => {
    const { answer } = await json(join(FOLDERS, 'tls-only'), '--codes', '2xx')
    expect(answer.findings).toMatchObject([{ code: 'guest-http/tls-mismatch' }])
    expect(JSON.stringify(answer)).not.toMatch(/tccli|lb-0|lbl-0/)
  })

  it('tells a person what decides, what to do and which layer was not read', async () => {
    cpSync(join(FOLDERS, 'ipt-reject'), at('no-routes'), { recursive: true })
    rmSync(join(at('no-routes'), 'ip-route.txt'))
    const { status, out } = await clbDoctor(['guest-judge', at('no-routes'), '--lang', 'en'])
    expect(status).toBe(3)
    expect(out).toMatch(
      /^10\.0\.1\.16:80, health check: HTTP GET \/, expects 1xx 2xx 3xx 4xx, time-out 5 s$/m,
    )
    expect(out).toMatch(/^100\.64\.0\.0\/10 {2}cannot tell$/m)
    expect(out).toMatch(/^1\. .+ \(likely, guest-firewall\/probe-rejected\)$/m)
    expect(out).toMatch(/^ {3}Fix: /m)
    expect(out).toMatch(/^- routes: there is no output of ip-route$/m)
  })

  it('says of a file without its end that the output was cut', async () => {
    cpSync(join(FOLDERS, 'ipt-drop-100-64'), at('cut'), { recursive: true })
    for (const name of ['iptables-save-c', 'iptables-save', 'iptables-S', 'nft'])
      truncateSync(join(at('cut'), `${name}.txt`), 120)
    const { status, answer } = await json(at('cut'))
    expect(status).toBe(3)
    expect(answer.notSeen[0]).toMatch(/cut/)
  })
})

describe('guest-judge of a wrong call', () => {
  mkdirSync(at('empty'))
  mkdirSync(at('strange'))
  writeFileSync(join(at('strange'), 'notes.txt'), 'nothing\n')
  writeFileSync(at('nothing.txt'), '\n')
  writeFileSync(at('letter.txt'), 'Dear colleague\n')
  writeFileSync(at('pods.json'), '{"kind":"List","items":[]}')
  writeFileSync(at('half.json'), '{"kind":"Li')
  mkdirSync(at('sockets'))
  writeFileSync(join(at('sockets'), 'ss.txt'), readFileSync(join(FOLDERS, 'healthy/ss.txt')))
  const healthy = join(FOLDERS, 'healthy')

  it.each([
    [[], 'name what came back'],
    [[healthy, healthy], 'an argument too many'],
    [['/nowhere'], 'does not exist; name the file or folder with the output of the machine'],
    [[at('empty')], 'has no .txt files'],
    [[at('strange')], 'nothing in'],
    [[at('nothing.txt')], 'If the script printed nothing'],
    [[at('letter.txt')], 'clb-doctor guest-script'],
    [[at('half.json')], 'is not whole'],
    [[at('sockets')], '--target 10.0.1.16:80'],
    [[healthy, '--target', 'shop'], '"shop" is not'],
    [[healthy, '--target', '10.0.1.99'], '--target 10.0.1.16:80'],
    [[healthy, '--source', '100.64.0.0/33'], '"100.64.0.0/33" is not'],
    [[healthy, '--source', 'fd00::/8'], 'both be IPv4'],
    [[healthy, '--check', 'grpc'], 'tcp, http, https, ping'],
    [[healthy, '--codes', '200'], '2xx,3xx'],
    [[healthy, '--path', 'health'], 'begin with /'],
    [[healthy, '--method', 'POST'], 'GET, HEAD'],
    [[healthy, '--timeout', '0'], 'more than 0 and at most 60'],
    [[healthy, '--snapshot', at('letter.txt')], 'cannot be read as JSON'],
    [[healthy, '--snapshot', at('pods.json'), '--check', 'tcp'], '--check has no effect'],
  ])('%j exits with 2 and says what to do', async (args, words) => {
    const ran = await clbDoctor(['guest-judge', ...args, '--lang', 'en'])
    expect(ran).toMatchObject({ status: 2, out: '' })
    expect(ran.err).toContain(words)
  })

  it.each([
    ['', 'stdin is empty'],
    ['bash: clb-doctor: command not found\n', 'clb-doctor guest-script'],
  ])('of %j on stdin exits with 2, too', async (text, words) => {
    const ran = await piped(text)
    expect(ran.status).toBe(2)
    expect(ran.err).toContain(words)
  })
})

it('takes check and sources from the output of the probe, and tells nothing of another machine', async () => {
  const asked = check(8080, {
    ip: '192.0.2.99',
    path: '/healthz',
    httpCodes: 2,
    timeoutSeconds: 1,
    intervalSeconds: 1,
  })
  const parameters = encodeParameters({ check: asked, sources: ['203.0.113.26/32'] })
  const output = execFileSync('dash', ['guest/probe.sh', parameters], { encoding: 'utf8' })
  writeFileSync(at('foreign.txt'), output)
  const { status, answer } = await json(at('foreign.txt'))
  expect(status).toBe(3)
  expect(answer).toMatchObject({
    target: '192.0.2.99:8080',
    outcomes: [{ source: '203.0.113.26/32', outcome: 'unknown' }],
    findings: [],
    notSeen: [expect.stringContaining('does not have the address 192.0.2.99')],
  })
  const { out } = await clbDoctor(['guest-judge', at('foreign.txt'), '--lang', 'en'])
  expect(out).toContain('HTTP GET /healthz, expects 2xx, time-out 1 s')
})

it('two outputs in one text are refused, because only one could be told of', async () => {
  const output = readFileSync(new URL('../fixtures/probe/ipt-drop-100-64.txt', import.meta.url), 'utf8')
  const { status, err } = await piped(output + output)
  expect(status).toBe(2)
  expect(err).toContain('2 outputs of the probe: give them one at a time')
})

it('no control character of a rule gets to the terminal', async () => {
  const output = readFileSync(new URL('../fixtures/probe/ipt-drop-100-64.txt', import.meta.url), 'utf8')
  const comment = '-m comment --comment "\u001b[31m\u0007\u202eevil"'
  writeFileSync(at('evil.txt'), output.replace('-s 100.64.0.0/10 -j', `-s 100.64.0.0/10 ${comment} -j`))
  const { out } = await clbDoctor(['guest-judge', at('evil.txt'), '--lang', 'en'])
  expect(out).toContain('evil')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a terminal obeys.
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
})
