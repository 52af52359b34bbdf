import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Diagnosis } from '../../src/model/diagnosis.ts'
import { shop } from '../../src/simulator/base.ts'
import { findScenario, SCENARIOS, startSimulator } from '../../src/simulator/index.ts'
import { widthOf } from '../../src/text/width.ts'
import { snapshotOf } from '../support/snapshots.ts'
import { CLI, clbDoctor, onStage } from './cli.ts'
import { EXPECTATIONS } from './expectations.ts'
import { serving } from './serving.ts'
import { expectAsExpected } from './support.ts'

const folders: string[] = []

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
  folders.push(folder)
  return folder
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

describe('clb-doctor diagnose', () => {
  it('finds the CLB by its VIP and writes text, Markdown and HTML, to stdout or to a file', () =>
    onStage('sg-blocks-vip', async (stage) => {
      const folder = newFolder()
      for (const [format, mark] of [
        ['text', '■ 2/5 backends down'],
        ['markdown', '# 2/5 backends down'],
        ['html', '<html lang="en">'],
      ] as const) {
        const { status, out } = await clbDoctor(
          ['diagnose', '203.0.113.26', '--format', format, '--lang', 'en'],
          stage.env,
        )
        expect([status, out.includes(mark), out.includes('sg-hardened')]).toEqual([1, true, true])
      }
      const file = join(folder, 'report.md')
      const written = await clbDoctor(
        ['diagnose', '203.0.113.26', '--format', 'markdown', '--output', file],
        stage.env,
      )
      expect([written.status, written.out]).toEqual([1, ''])
      expect(readFileSync(file, 'utf8')).toContain('sg-hardened')
    }))

  it('saves a snapshot without credentials, and gives the same diagnosis from it without credentials', () =>
    onStage('acl-denies-reply', async (stage) => {
      const file = join(newFolder(), 'snapshot.json')
      await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--save-snapshot', file], stage.env)
      const saved = readFileSync(file, 'utf8')
      for (const secret of [stage.cloud.credentials.secretId, stage.cloud.credentials.secretKey])
        expect(saved).not.toContain(secret)
      const { status, out } = await clbDoctor(['diagnose', '--snapshot', file, '--format', 'json'])
      const expected = EXPECTATIONS['acl-denies-reply']
      if (!expected) throw new Error('no expectation')
      expectAsExpected(JSON.parse(out) as Diagnosis, expected)
      expect(status).toBe(1)
      expect((await clbDoctor(['diagnose', '--snapshot', file, '--format', 'json'])).out).toBe(out)
    }))

  it('names the searched region and --region if the CLB is unknown: one line, exit 2', () =>
    onStage('healthy', async (stage) => {
      for (const name of ['lb-nosuchlb', '198.51.100.200']) {
        const { status, out, err } = await clbDoctor(['diagnose', name, '--lang', 'en'], stage.env)
        expect([status, out]).toEqual([2, ''])
        expect(err).toMatch(
          new RegExp(
            `^clb-doctor: No CLB found for .*${name.replaceAll('.', '\\.')}.* ap-guangzhou.*--region`,
          ),
        )
        expect(err.trim().split('\n')).toHaveLength(1)
      }
    }))

  it.each(['lb-7dpmqwcu', '203.0.113.26'])(
    'says that the region does not exist, for %s: one line, exit 2',
    (name) =>
      onStage('healthy', async (stage) => {
        const args = ['diagnose', name, '--region', 'ap-nowhere', '--lang', 'en']
        const { status, out, err } = await clbDoctor(args, stage.env)
        expect([status, out]).toEqual([2, ''])
        expect(err).toMatch(/^clb-doctor: .*no region ap-nowhere.*--region.*\n$/)
      }),
  )

  it('takes a name, and a pasted address of the console with its region', () =>
    onStage('healthy', async (stage) => {
      for (const name of [
        'shop-front',
        'https://console.cloud.tencent.com/clb/detail?rid=1&id=lb-7dpmqwcu&tab=listener',
        'https://console.tencentcloud.com/clb/detail?rid=1&id=lb-7dpmqwcu&tab=listener',
      ]) {
        const { status, out } = await clbDoctor(['diagnose', name, '--format', 'json'], stage.env)
        expect([status, JSON.parse(out).loadBalancer.id]).toEqual([0, 'lb-7dpmqwcu'])
      }
      // The filter of the API may find longer names. Only the exact name counts.
      const part = await clbDoctor(['diagnose', 'shop', '--lang', 'en'], stage.env)
      expect([part.status, part.err]).toEqual([2, expect.stringMatching(/No CLB found for shop in region/)])
    }))

  it('lists the candidates if several CLBs have the name', async () => {
    const { world } = shop()
    const [first] = world.balancers
    if (first === undefined) throw new Error('no CLB')
    world.balancers.push({ ...first, id: 'lb-second01', vip: '203.0.113.99' })
    const { origin, credentials, close } = await startSimulator(world)
    const env = {
      TENCENTCLOUD_SECRETID: credentials.secretId,
      TENCENTCLOUD_SECRETKEY: credentials.secretKey,
      CLB_DOCTOR_API_ORIGIN: origin,
    }
    const args = ['diagnose', first.name, '--region', 'gz', '--lang', 'en']
    const { status, err } = await clbDoctor(args, env)
    await close()
    expect([status, err]).toEqual([2, expect.stringContaining('lb-second01')])
    expect(err).toContain(first.id)
  })

  it('lists the candidates if a private VIP belongs to several CLBs, and --vpc chooses one', () =>
    onStage('healthy', async (stage) => {
      const both = await clbDoctor(['diagnose', '10.0.0.10', '--lang', 'en'], stage.env)
      expect([both.status, both.err]).toEqual([2, expect.stringContaining('lb-p2x4k8aa (vpc-1ywqac83)')])
      const one = await clbDoctor(
        ['diagnose', '10.0.0.10', '--vpc', 'vpc-1ywqac83', '--format', 'json'],
        stage.env,
      )
      expect([one.status, JSON.parse(one.out).loadBalancer.id]).toEqual([0, 'lb-p2x4k8aa'])
      expect(both.err).toContain('--vpc')
    }))

  it('refuses a --vpc that is not the VPC of the CLB, for an id and for a VIP: exit 2', () =>
    onStage('healthy', async (stage) => {
      const ask = (...args: string[]) => clbDoctor(['diagnose', ...args, '--lang', 'en'], stage.env)
      const other = await ask('lb-p2x4k8aa', '--vpc', 'vpc-0other00')
      expect([other.status, other.out, other.err]).toEqual([
        2,
        '',
        'clb-doctor: --vpc: lb-p2x4k8aa is in vpc-1ywqac83, not in vpc-0other00\n',
      ])
      expect((await ask('lb-p2x4k8aa', '--vpc', 'vpc-1ywqac83')).status).toBe(0)
      const none = await ask('10.0.0.10', '--vpc', 'vpc-0other00')
      expect([none.status, none.err]).toEqual([2, expect.stringMatching(/vpc-0other00 .*Check --vpc too/)])
    }))

  it('accepts an id or a VIP with white space around it', () =>
    onStage('healthy', async (stage) => {
      for (const name of [' lb-7dpmqwcu', '203.0.113.26\n'])
        expect((await clbDoctor(['diagnose', name], stage.env)).status).toBe(0)
    }))

  it.each([
    ['TENCENTCLOUD_SECRETID', 'AKIDwrong00000000000000000000000000'],
    ['TENCENTCLOUD_SECRETKEY', 'wrong-key-that-must-not-be-shown'],
  ])('names %s without its value if the API rejects it: one line, exit 3', (variable, value) =>
    onStage('healthy', async (stage) => {
      const { status, out, err } = await clbDoctor(['diagnose', 'lb-7dpmqwcu'], {
        ...stage.env,
        [variable]: value,
      })
      expect([status, out]).toEqual([3, ''])
      expect(err).toContain(variable)
      expect(err).not.toContain(value)
      expect(err.trim().split('\n')).toHaveLength(1)
    }),
  )

  it('is inconclusive if the API is down: exit 3', () =>
    onStage('healthy', async (stage) => {
      stage.cloud.faults.set('*', { kind: 'http', status: 503 })
      const { status, out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--format', 'json'], stage.env)
      expect([status, JSON.parse(out).verdict]).toEqual([3, 'inconclusive'])
      const byVip = await clbDoctor(['diagnose', '203.0.113.26', '--format', 'json'], stage.env)
      expect([byVip.status, JSON.parse(byVip.out).verdict]).toEqual([3, 'inconclusive'])
    }))

  it.each(['lb-7dpmqwcu', '203.0.113.26'])(
    'names the address that refuses the connection, for %s: exit 3',
    async (name) => {
      const env = {
        TENCENTCLOUD_SECRETID: 'AKIDx',
        TENCENTCLOUD_SECRETKEY: 'key',
        TENCENTCLOUD_REGION: 'ap-guangzhou',
        CLB_DOCTOR_API_ORIGIN: 'http://127.0.0.1:9',
      }
      const { status, out } = await clbDoctor(['diagnose', name, '--lang', 'en'], env)
      expect([status, out]).toEqual([3, expect.stringContaining('ECONNREFUSED 127.0.0.1:9')])
    },
  )

  it('diagnoses only the listener of --listener, and lists the existing ones if it is unknown', () =>
    onStage('healthy', async (stage) => {
      const one = await clbDoctor(
        ['diagnose', 'lb-7dpmqwcu', '--listener', 'lbl-shop0443', '--format', 'json'],
        stage.env,
      )
      expect([one.status, JSON.parse(one.out).pools.length]).toEqual([0, 1])
      const none = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--listener', 'lbl-nosuch00'], stage.env)
      expect([none.status, none.err]).toEqual([2, expect.stringContaining('lbl-shop0443 (HTTPS:443)')])
    }))
})

describe('a CLB whose backends are healthy and all have weight 0', () => {
  it('is healthy, and exits 1, because it serves nobody', async () => {
    const file = join(newFolder(), 'idle.json')
    writeFileSync(file, JSON.stringify(snapshotOf({ machines: [{ host: 16, status: 'Alive', weight: 0 }] })))
    const { status, out } = await clbDoctor(['diagnose', '--snapshot', file, '--format', 'json'])
    expect([status, JSON.parse(out)]).toMatchObject([1, { verdict: 'healthy', attention: 'act-now' }])
  })
})

describe('a snapshot file', () => {
  it.each([
    ['not json', 'cannot be read as JSON'],
    ['{}', 'has no snapshotVersion'],
    ['{"snapshotVersion":2}', 'has snapshotVersion 2; this version reads 1'],
    ['{"snapshotVersion":1}', 'has no takenAt, alarmedAt, region'],
    [JSON.stringify({ ...snapshotOf({ machines: [] }), cost: {} }), 'has an incomplete or misshapen field'],
    [
      JSON.stringify({ ...snapshotOf({ machines: [] }), takenAt: {} }),
      'has an incomplete or misshapen field',
    ],
    [
      JSON.stringify({ ...snapshotOf({ machines: [{ host: 16, status: 'Alive' }] }), health: undefined }),
      'has no health;',
    ],
    ['null', 'is not a snapshot'],
  ])('that holds %.30j is refused and told what is missing: exit 2', async (content, words) => {
    const file = join(newFolder(), 'bad.json')
    writeFileSync(file, content)
    const { status, err } = await clbDoctor(['diagnose', '--snapshot', file, '--lang', 'en'])
    expect([status, err]).toEqual([2, expect.stringContaining(words)])
  })
})

it('the built file is executable, as npm link needs it', async () => {
  const child = spawn(CLI, ['--version'], { env: { PATH: process.env.PATH ?? '' } })
  expect(await new Promise((resolve) => child.on('close', resolve).on('error', resolve))).toBe(0)
})

describe('a wrong call', () => {
  it.each([
    [
      ['diagnose', 'lb-7dpmqwcu', '--vpc', 'nonsense'],
      '--vpc: "nonsense" is not a VPC id such as vpc-1ywqac83',
    ],
    [['diagnose', 'lb-7dpmqwcu', '--region', 'ap-guangzhou', '--region', 'ap-beijing'], '--region: name one'],
    [['diagnose', '--snapshot', '/no/such.json'], '--snapshot: /no/such.json does not exist'],
    [['diagnose', '--snapshot', '/tmp'], '--snapshot: /tmp is a directory'],
    [['serve', '--port', ''], '--port'],
    [['serve', '--port', ' '], '--port'],
    [['serve', '--port', '0x50'], '--port'],
    [['diagnose'], 'name one CLB'],
    [['diagnose', 'shop.*.example.com'], 'is not a CLB id such as'],
    [['diagnose', 'lb-ab12'], 'is not a CLB id such as'],
    [['diagnose', 'https://example.com/clb/detail?id=lb-7dpmqwcu'], 'is not a CLB id such as'],
    [['diagnose', 'lb-7dpmqwcu', '--format', 'yaml'], '--format'],
    [['diagnose', 'lb-7dpmqwcu', '--lang', 'fr'], '--lang'],
    [['diagnose', 'lb-7dpmqwcu', '--region', 'Guangzhou!'], '--region'],
    [['diagnose', 'lb-7dpmqwcu', '--in-guest'], 'clb-doctor guest-script --register'],
    [['diagnose', 'lb-7dpmqwcu', '--run-command'], '--run-command goes with --in-guest only'],
    [['diagnose', '--snapshot', 'x.json', '--in-guest'], '--in-guest'],
    [['diagnose', '--snapshot', 'x.json', '--probe-network'], '--probe-network'],
    [['diagnose', 'lb-7dpmqwcu', '--no-such-option'], '--no-such-option'],
    [['demo', 'no-such-scenario'], '--list'],
    [['demo', 'healthy', 'and-more'], 'one scenario'],
    [['diagnose', 'lb-7dpmqwcu', '--listener', 'shop'], 'lbl-'],
    [['diagnose', 'lb-7dpmqwcu', '--snapshot', 'x.json'], '--snapshot holds the CLB'],
    [['diagnose', '--snapshot', 'x.json', '--region', 'ap-guangzhou'], '--region'],
    [
      ['diagnose', 'lb-7dpmqwcu', '--output', '/no/such/folder/x'],
      '--output: /no/such/folder does not exist',
    ],
    [['diagnose', 'lb-7dpmqwcu', '--save-snapshot', '/no/such/folder/x'], '--save-snapshot: /no/such'],
    [['diagnose', 'lb-7dpmqwcu', '--save-snapshot', 'x', '--output', 'x'], 'name the same file'],
    [['serve', '--port', 'ninety'], '--port'],
    [['frobnicate'], 'no command "frobnicate"'],
    [['diagnose', 'lb-7dpmqwcu'], 'TENCENTCLOUD_SECRETID'],
  ])('%j exits 2 and says what to do', async (args, words) => {
    const { status, out, err } = await clbDoctor(args, { CLB_DOCTOR_LANG: 'en' })
    expect([status, out]).toEqual([2, ''])
    expect(err).toContain(words)
    expect(err).not.toMatch(/\n +at |positional argument/)
  })

  it.each([
    [['diagnose', 'lb-7dpmqwcu', '--vpc', 'nonsense'], 'VPC ID'],
    [['diagnose', 'shop.*.example.com'], '不是负载均衡 ID'],
    [['diagnose', 'lb-7dpmqwcu', '--region', 'Guangzhou!'], '不是地域'],
    [['diagnose', 'lb-7dpmqwcu', '--no-such-option'], '没有选项 --no-such-option'],
    [['diagnose', 'lb-7dpmqwcu', '--region'], '--region 需要一个值'],
    [['demo', '--keep=yes'], '--keep 不带值'],
    [['scan', 'lb-7dpmqwcu'], 'scan 只接受地域'],
    [['serve', 'now'], '多了参数“now”'],
    [['diagnose', '--snapshot', '/no/such.json'], '/no/such.json 不存在'],
    [['demo', 'no-such-scenario'], '没有场景'],
    [['frobnicate'], '没有命令“frobnicate”'],
  ])('%j is told in the language of the run', async (args, words) => {
    const { status, err } = await clbDoctor(args)
    expect([status, err]).toEqual([2, expect.stringContaining(words)])
    const other = await clbDoctor(args, { CLB_DOCTOR_LANG: 'en' })
    expect(other.err).not.toMatch(/\p{Script=Han}/u)
  })

  it.each([['--help'], ['help'], ['-h']])('%s shows the general help', async (...args) => {
    for (const [lang, title] of [
      ['en', 'clb-doctor: why does'],
      ['zh-CN', 'clb-doctor：腾讯云负载均衡'],
    ]) {
      const { status, out } = await clbDoctor([...args, '--lang', lang ?? ''])
      expect([status, out]).toEqual([0, expect.stringContaining(title ?? '')])
      expect(out).toContain('-v, --version')
      expect(out.split('\n').filter((line) => widthOf(line) > 100)).toEqual([])
    }
  })

  it('--help says so if a setting of the language is wrong, and is shown', async () => {
    const { status, out, err } = await clbDoctor(['scan', '--help'], { CLB_DOCTOR_LANG: 'fr' })
    expect([status, out.length > 100]).toEqual([0, true])
    expect(err).toMatch(/^clb-doctor: CLB_DOCTOR_LANG[^\n]*zh-CN[^\n]*\n$/)
  })

  it.each(['diagnose', 'scan', 'serve', 'demo'])(
    '%s --help shows its options and two examples, in both languages',
    async (command) => {
      for (const [lang, heading] of [
        ['en', 'Examples:'],
        ['zh-CN', '例：'],
      ]) {
        const { status, out } = await clbDoctor([command, '--help'], { CLB_DOCTOR_LANG: lang ?? '' })
        const lines = out.split('\n')
        const examples = lines.slice(lines.indexOf(heading ?? '') + 1).slice(0, 2)
        expect([status, lines[0]]).toEqual([0, expect.stringContaining(`clb-doctor ${command}`)])
        expect(examples.every((line) => line.startsWith(`  clb-doctor ${command}`))).toBe(true)
        expect(lines.filter((line) => widthOf(line) > 100)).toEqual([])
        expect((await clbDoctor(['help', command], { CLB_DOCTOR_LANG: lang ?? '' })).out).toBe(out)
      }
    },
  )

  it('with a credential that is not plain ASCII names its variable and exits 2', async () => {
    for (const [id, key, variable, token] of [
      ['…', 'key', 'TENCENTCLOUD_SECRETID'],
      ['AKIDx', 'a key', 'TENCENTCLOUD_SECRETKEY'],
      ['AKIDx', 'key', 'TENCENTCLOUD_SESSIONTOKEN', '令牌'],
      ['AKIDx', 'key', 'TENCENTCLOUD_TOKEN', 'two\nlines'],
    ]) {
      const env = {
        TENCENTCLOUD_SECRETID: id ?? '',
        TENCENTCLOUD_SECRETKEY: key ?? '',
        ...(token === undefined ? {} : { [variable ?? '']: token }),
      }
      const { status, err } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--region', 'ap-guangzhou'], env)
      expect([status, err]).toEqual([2, expect.stringMatching(`^clb-doctor: ${variable}：.*ASCII.*\n$`)])
    }
  })
})

describe('clb-doctor demo', () => {
  it('prints the delivered message and exits 0', async () => {
    const { status, out } = await clbDoctor(['demo'])
    expect([status, out.split('\n')[0]]).toEqual([0, expect.stringContaining('2/5 后端异常')])
  })

  it('--keep leaves the simulated cloud running, so the user can diagnose it', async () => {
    const child = spawn(process.execPath, [CLI, 'demo', 'acl-denies-reply', '--keep', '--lang', 'en'])
    let err = ''
    const exports = await new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk) => {
        err += chunk
        if (err.includes('Ctrl-C')) resolve(err)
      })
    })
    const env = Object.fromEntries([...exports.matchAll(/^export (\w+)='(.*)'$/gm)].map(([, k, v]) => [k, v]))
    const { status, out } = await clbDoctor(['diagnose', 'lb-7dpmqwcu', '--lang', 'en'], env)
    child.kill('SIGINT')
    expect([status, out]).toEqual([1, expect.stringContaining('the reply to the health check')])
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  })

  it('--list prints one line per scenario', async () => {
    const { status, out } = await clbDoctor(['demo', '--list', '--lang', 'en'])
    expect([status, out.trim().split('\n').length]).toEqual([0, SCENARIOS.length])
  })
})

describe('clb-doctor serve', () => {
  it('finishes an accepted alarm after SIGTERM and logs no secret', () =>
    onStage('sg-blocks-vip', async (stage) => {
      stage.cloud.faults.set('clb:DescribeTargetHealth', { kind: 'slow', ms: 500 })
      const { child, url, closed, log } = await serving(stage.env)
      const body = JSON.stringify(findScenario('sg-blocks-vip')?.alarm())
      const reply = await fetch(`${url}/alarms`, { method: 'POST', body })
      expect(reply.status).toBe(200)
      expect(stage.group.messages).toHaveLength(0)
      child.kill('SIGTERM')
      expect(await closed).toBe(0)
      expect(stage.group.messages).toHaveLength(1)
      expect(log()).not.toContain(stage.cloud.credentials.secretKey)
      expect(log()).not.toContain('key=')
    }))
})
