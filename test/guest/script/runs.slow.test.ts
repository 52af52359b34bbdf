import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeParameters, encodePeer, scriptWith } from '../../../src/guest/index.ts'
import {
  check,
  type Listener,
  listen,
  OK,
  runProbe,
  runWith,
  SCRIPT,
  SHELL_NAMES,
  type Shell,
} from '../../support/probe-script.ts'

let folder: string
let server: Listener

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'probe-'))
  server = await listen(OK)
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

it.each(SHELL_NAMES)('tells in %s when it ran', async (shell) => {
  const began = Math.floor(Date.now() / 1000) * 1000
  const { facts } = await runProbe(shell, check({ port: server.port }))
  expect(Date.parse(facts.at ?? '')).toBeGreaterThanOrEqual(began)
  expect(Date.parse(facts.at ?? '')).toBeLessThanOrEqual(Date.now())
})

/** An empty folder, in which anything that ran would leave a file. */
function emptyFolder(): string {
  return mkdtempSync(join(folder, 'empty-'))
}

const HOSTILE = [
  ['quotes', `/a'b"c`, `a'b".example`],
  ['a command substitution', '/$(touch ran)', '$(touch ran).example'],
  ['back-ticks', '/`touch ran`', '`touch ran`.example'],
  ['a leading dash', '/-o', '-o'],
  ['a path without a slash', '-X', '--data=x'],
  ['percent signs', '/%s%n%41%00', '%s.example'],
  ['backslashes', String.raw`/a\nb\041`, String.raw`\x41.example`],
  ['other scripts', '/健康检查?名=值', '例子.example'],
  ['brackets, spaces and globs', '/[1-3]{a,b} *?x#y', '*.example'],
  ['dots that a client would remove', '/a/../b/./c', 'dots.example'],
  ['assignments and separators', '/x=1&y=2;touch ran|touch ran', ';touch ran;.example'],
  ['a very long path and domain', `/${'p'.repeat(3000)}`, `${'d'.repeat(1000)}.example`],
] as const

const bytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

describe.concurrent.each(SHELL_NAMES)('the request of the check in %s', (shell: Shell) => {
  it.each(HOSTILE)('arrives as it is with %s', async (_, path, host) => {
    const own = await listen(OK)
    const cwd = emptyFolder()
    const { facts, output } = await runProbe(shell, check({ port: own.port, path, host }), { cwd })
    await own.close()
    expect(own.received[0]?.split('\r\n')[0]).toBe(bytes(`GET ${path} HTTP/1.1`))
    expect(own.received[0]).toContain(bytes(`\r\nHost: ${host}\r\n`))
    expect(readdirSync(cwd)).toEqual([])
    expect(facts.requests[0]).toMatchObject({
      isOfCheck: true,
      path: path.length > 300 ? null : path,
      host: host.length > 300 ? null : host,
      end: { kind: 'answer', status: 200 },
    })
    expect(output.endsWith('clb-doctor-probe end\n')).toBe(true)
  })

  it.each([[undefined], ['curl'], ['curl', 'bash']])(
    'calls itself a probe without %s',
    async (...missing) => {
      const own = await listen(OK)
      const env = missing[0] === undefined ? {} : { env: { PATH: toolsWithout(...(missing as string[])) } }
      const { facts } = await runProbe(shell, check({ port: own.port, host: 'h.example' }), env)
      await own.close()
      expect(own.received[0]?.split('\r\n').slice(1)).toEqual([
        'Host: h.example',
        'User-Agent: clb-healthcheck',
        '',
        '',
      ])
      expect(facts.requests[0]).toMatchObject({ agent: 'clb-healthcheck', isOfCheck: true })
    },
  )

  it('is repeated as GET if HEAD is not taken', async () => {
    const own = await listen('HTTP/1.1 405 Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    const { facts } = await runProbe(
      shell,
      check({ port: own.port, path: '/h', method: 'HEAD', httpCodes: 2 }),
    )
    await own.close()
    expect(
      facts.requests.map(({ method, path, isOfCheck, scheme }) => [scheme, method, path, isOfCheck]),
    ).toEqual([
      ['http', 'HEAD', '/h', true],
      ['http', 'GET', '/h', false],
      ['https', 'HEAD', '/h', false],
    ])
  })

  it.each([
    ['a line end in the path', '/a\r\nX-Other: 1', 'a.example'],
    ['a line end in the domain', '/', 'a.example\r\nX-Other: 1'],
  ])('is not sent with %s', async (_, path, host) => {
    const own = await listen(OK)
    const { facts } = await runProbe(shell, check({ port: own.port, path, host }))
    await own.close()
    expect(own.received).toEqual([])
    expect(facts.notSeen).toContainEqual({ layer: 'request', why: 'left-out', what: 'control-characters' })
  })

  it('is sent by what is left if there is no curl', async () => {
    const own = await listen(OK)
    const path = `/a'"$(touch ran)\`x\` b%s\\n`
    const cwd = emptyFolder()
    const env = { PATH: toolsWithout('curl') }
    const { facts } = await runProbe(
      shell,
      check({ port: own.port, path, host: 'h.example', method: 'HEAD' }),
      { cwd, env },
    )
    await own.close()
    expect(own.received[0]).toBe(
      bytes(`HEAD ${path} HTTP/1.1\r\nHost: h.example\r\nUser-Agent: clb-healthcheck\r\n\r\n`),
    )
    expect(facts.requests[0]).toMatchObject({
      tool: 'bash',
      isOfCheck: true,
      end: { kind: 'answer', status: 200 },
    })
    expect(readdirSync(cwd)).toEqual([])
  })
})

describe.concurrent.each(SHELL_NAMES)('a path that a URL takes for another host, in %s', (shell: Shell) => {
  const targetOf = async (kind: 'http' | 'grpc', missing: readonly string[], links: readonly string[]) => {
    const [own, other] = await Promise.all([listen(OK), listen(OK)])
    const tools = toolsWithout(...missing)
    for (const name of links) symlinkSync('/usr/bin/busybox', join(tools, name))
    const { facts } = await runProbe(
      shell,
      check({ kind, port: own.port, path: `@127.0.0.1:${other.port}/` }),
      {
        cwd: emptyFolder(),
        env: { PATH: tools },
      },
    )
    await Promise.all([own.close(), other.close()])
    return { own: own.received.length, other: other.received.length, facts }
  }

  it('is not given to wget, which could send it to that host alone', async () => {
    const { other, facts } = await targetOf('http', ['curl', 'bash', 'busybox'], ['wget'])
    expect(other).toBe(0)
    expect(facts.notSeen).toContainEqual({ layer: 'request', why: 'tool', what: 'curl' })
  })

  it('is sent to the target over gRPC', async () => {
    const { own, other } = await targetOf('grpc', [], [])
    expect([own, other]).toEqual([1, 0])
  })
})

/** Folders of links to the usual tools. */
function toolsWithout(...missing: readonly string[]): string {
  const path = mkdtempSync(join(folder, 'tools-'))
  for (const name of [
    'awk',
    'cat',
    'sleep',
    'ss',
    'netstat',
    'ip',
    'tc',
    'nft',
    'bash',
    'busybox',
    'od',
    'dd',
    'id',
    'curl',
    'ping',
  ])
    if (!missing.includes(name))
      symlinkSync(`${name === 'nft' || name === 'tc' ? '/usr/sbin' : '/usr/bin'}/${name}`, join(path, name))
  return path
}

describe.concurrent.each(SHELL_NAMES)('with few tools, %s', (shell: Shell) => {
  it('reads the machine with BusyBox alone', async () => {
    const path = mkdtempSync(join(folder, 'busybox-'))
    symlinkSync('/usr/bin/busybox', join(path, 'busybox'))
    const { facts, output } = await runProbe(shell, check({ port: server.port, host: 'a.example' }), {
      env: { PATH: path },
    })
    expect(output).toContain('\nclb-doctor-probe end\n')
    expect(facts.isComplete).toBe(true)
    expect(facts.listening).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', port: server.port }),
    )
    expect(facts.requests[0]).toMatchObject({
      tool: 'nc',
      isOfCheck: true,
      end: { kind: 'answer', status: 200 },
    })
    expect(facts.sysctls['net.ipv4.tcp_max_syn_backlog']).toMatch(/^\d{2,}$/)
    expect(facts.devices?.map(({ name }) => name)).toContain('lo')
  })

  it('reads sockets and counters without any tool', async () => {
    const { facts } = await runProbe(shell, check({ port: server.port }), { env: { PATH: '/nowhere' } })
    expect(facts.isComplete).toBe(true)
    expect(facts.listening).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', port: server.port }),
    )
    expect(facts.counters[0]?.ListenOverflows).toBeTypeOf('number')
    expect(facts.requests).toEqual([])
    const layers = facts.notSeen.map(({ layer }) => layer)
    expect(layers).toEqual(expect.arrayContaining(['request', 'nft', 'iptables', 'sysctl', 'devices']))
  })

  it('does not take the first digit of a setting for the setting', async () => {
    const { facts } = await runProbe(shell, check({ port: server.port }), { env: { PATH: '/nowhere' } })
    for (const value of Object.values(facts.sysctls)) expect(value).not.toBe('')
    // Bash reads it whole. The other shells do not read it.
    expect([undefined, '4096']).toContain(facts.sysctls['net.core.somaxconn'])
  })
})

describe.concurrent.each(SHELL_NAMES)('parameters in %s', (shell: Shell) => {
  it('arrive through the last line of the file, as TAT puts them there', async () => {
    const file = join(emptyFolder(), 'command.sh')
    writeFileSync(
      file,
      scriptWith(encodeParameters({ check: check({ port: server.port }), sources: ['10.0.0.10/32'] })),
    )
    const { facts } = await runWith(shell, [file])
    expect(facts.target).toMatchObject({ ip: '127.0.0.1', port: server.port, protocol: 'tcp' })
    expect(facts.requests[0]?.end).toMatchObject({ kind: 'answer', status: 200 })
  })

  it.each([
    `'; touch ran; '`,
    '$(touch ran)',
    '\ntouch ran\n',
    '`touch ran`',
    `${encodeParameters({ check: check({}), sources: [] })}\ntouch ran\nexec touch ran`,
  ])('never run, whatever stands there: %j', async (hostile) => {
    const cwd = emptyFolder()
    const file = join(emptyFolder(), 'command.sh')
    writeFileSync(file, scriptWith(hostile))
    await runWith(shell, [file], { cwd })
    await runWith(shell, [SCRIPT, hostile], { cwd })
    expect(readdirSync(cwd)).toEqual([])
  })

  it('that are missing are an error that the reader can see', async () => {
    const { output, facts } = await runWith(shell, [SCRIPT])
    expect(output).toBe('clb-doctor-probe 1\nerror=no-parameters\nclb-doctor-probe end\n')
    expect(facts.listening).toBeNull()
  })

  it('for another machine give its requests alone', async () => {
    const own = await listen(OK)
    const file = join(emptyFolder(), 'command.sh')
    writeFileSync(file, scriptWith(encodePeer({ check: check({ port: own.port, path: '/x' }) })))
    const { facts, output } = await runWith(shell, [file])
    await own.close()
    expect(own.received.map((request) => request.split('\r\n')[0])).toEqual([
      'GET /x HTTP/1.1',
      'GET /x HTTP/1.1',
    ])
    expect(facts.requests.map(({ isOfCheck, port }) => [isOfCheck, port])).toEqual([
      [true, own.port],
      [true, own.port],
    ])
    expect(output).not.toMatch(/^(?:listen|sysctl|device)/m)
  })
})
