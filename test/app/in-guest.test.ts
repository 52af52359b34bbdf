import { describe, expect, it } from 'vitest'
import { evaluateInSnapshot } from '../../src/app/guest-judge/index.ts'
import { mapped } from '../../src/model/fact.ts'
import { LANGUAGES } from '../../src/model/language.ts'
import { evaluatePaths } from '../../src/path/index.ts'
import { diagnosisReport } from '../../src/render/report.ts'
import { backend, guest, machine, type Shop, shop } from '../../src/simulator/base.ts'
import type { Fault } from '../../src/simulator/faults.ts'
import type { World } from '../../src/simulator/world.ts'
import { askSimulated, type SimulatedRun } from '../support/simulated.ts'
import { agent, COMMAND, fastClock, registered } from '../support/tat.ts'

// `--in-guest`: on which machines the probe runs, and what becomes of it.

const DEAD = [16, 20]
const ENDPOINTS = DEAD.map((host) => `10.0.1.${host}:8080`)

/** The service of two machines does not listen. */
function dead(change: (made: Shop) => void = () => {}): World {
  const made = shop()
  for (const host of DEAD) made.machine(host).guest = guest(8080, { listens: [] })
  registered(made.world)
  change(made)
  return made.world
}

const look = (world: World, asked: object = {}): Promise<SimulatedRun> =>
  askSimulated(world, { clock: fastClock(), looks: { inGuest: 'registered' }, ...asked })

const bodiesOf = ({ calls }: SimulatedRun, action: string) =>
  calls
    .log()
    .filter((call) => call.action === action)
    .map(({ body }) => JSON.parse(body))

const machinesIn = (run: SimulatedRun): readonly string[] => [
  ...new Set<string>(bodiesOf(run, 'tat:InvokeCommand').flatMap(({ InstanceIds }) => InstanceIds)),
]

const codesIn = ({ snapshot }: SimulatedRun) =>
  Object.fromEntries(
    Object.entries(snapshot?.guests ?? {}).map(([endpoint, fact]) => [
      endpoint,
      fact.state === 'ok' ? 'ok' : fact.failure.code,
    ]),
  )

const guestGaps = ({ diagnosis }: SimulatedRun) =>
  diagnosis.gaps.filter(({ action }) => action?.startsWith('tat:'))

describe('a look inside', () => {
  it('is not made unless it is asked for', async () => {
    const run = await askSimulated(dead())
    expect([run.calls.log().filter(({ action }) => action.startsWith('tat:')), run.snapshot?.guests]).toEqual(
      [[], undefined],
    )
  })

  it('is not made if every backend is Alive', async () => {
    const run = await look(registered(shop().world))
    expect(run.calls.log().filter(({ action }) => action.startsWith('tat:'))).toEqual([])
  })

  it('runs the registered command on the Dead backends and one healthy control', async () => {
    const run = await look(dead())
    expect(machinesIn(run)).toEqual(['ins-web00016', 'ins-web00020', 'ins-web00017'])
    expect(codesIn(run)).toEqual({ '10.0.1.16:8080': 'ok', '10.0.1.20:8080': 'ok', '10.0.1.17:8080': 'ok' })
    expect(bodiesOf(run, 'tat:InvokeCommand').map(({ CommandId }) => CommandId)).toEqual(
      Array(5).fill(COMMAND),
    )
    expect(run.calls.count('tat:RunCommand')).toBe(0)
  })

  it('says nothing about its output but keeps it in the snapshot', async () => {
    const { snapshot } = await look(dead())
    expect(snapshot?.guests?.['10.0.1.16:8080']).toMatchObject({
      value: { kind: 'probe', by: 'tat', instanceId: 'ins-web00016' },
    })
    const fact = snapshot?.guests?.['10.0.1.16:8080']
    expect(fact?.state === 'ok' && fact.value.kind === 'probe' && fact.value.text).toMatch(
      /^clb-doctor-probe 1\n[\s\S]*clb-doctor-probe end\n$/,
    )
  })

  it('asks for output that TAT hides unless it is told not to', async () => {
    const run = await look(dead())
    for (const body of bodiesOf(run, 'tat:DescribeInvocationTasks')) {
      expect(body).toMatchObject({ HideOutput: false, Limit: 100 })
      expect(body.Filters[0].Values.length).toBeLessThanOrEqual(5)
    }
  })

  it('is at most three of the backends that look alike, and says so of the others', async () => {
    const made = shop()
    for (const own of made.machines) own.guest = guest(8080, { listens: [] })
    const run = await look(registered(made.world))
    expect(machinesIn(run)).toEqual(['ins-web00016', 'ins-web00017', 'ins-web00018'])
    expect(codesIn(run)).toMatchObject({ '10.0.1.19:8080': 'LeftOut', '10.0.1.20:8080': 'LeftOut' })
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({ what: expect.stringContaining('10.0.1.19:8080, 10.0.1.20:8080') }),
    ])
  })

  it('leaves out machines that are not on', async () => {
    const run = await look(
      dead(({ machine: own }) => {
        own(18).state = 'STOPPED'
      }),
    )
    expect(machinesIn(run)).not.toContain('ins-web00018')
    expect(codesIn(run)).not.toHaveProperty(['10.0.1.18:8080'])
  })

  it('is made on the node of a NodePort', async () => {
    const run = await look(
      dead(({ world, pool, front }) => {
        front.tags = { 'tke-clusterId': 'cls-1' }
        const node = machine(61, { guest: guest(31_080, { listens: [] }) })
        world.machines.push(node)
        pool.backends.push(backend(node, 31_080))
      }),
    )
    expect(machinesIn(run)).toContain('ins-web00061')
  })

  it('is made again by the same commands for machines of another region, where they may not exist', async () => {
    const run = await look(
      dead(({ world, front }) => {
        front.targetRegion = { region: 'ap-shanghai', vpcId: world.vpcs[0]?.id ?? '' }
        const { machines, subnets, vpcs, groups, acls } = world
        world.others['ap-shanghai'] = {
          vpcs,
          subnets,
          acls,
          groups,
          machines,
          interfaces: [],
          routeTables: [],
        }
      }),
    )
    expect(codesIn(run)).toEqual(Object.fromEntries(ENDPOINTS.map((one) => [one, 'CommandMissing'])))
    expect(run.calls.count('tat:InvokeCommand')).toBe(0)
  })
})

it('what one check met says nothing about another one at the same address and port', async () => {
  const { snapshot } = await look(twoChecks([16]))
  if (!snapshot) throw new Error('nothing was read')
  // As an older version saved it.
  const { [OTHER]: _, ...guests } = snapshot.guests ?? {}
  const paths = evaluatePaths({ ...snapshot, guests })
  expect(
    paths.pools.flatMap(({ targets }) =>
      targets.map(({ guest: one }) => one?.reasons.map(({ code }) => code)),
    ),
  ).toEqual([['guest-http/status-mismatch'], []])
})

const OTHER = 'lbl-shop0443/loc-pool0001/10.0.1.16:8080'

/** Two rules have the same machines, each with a Host and codes of its own. Neither is answered as it wants. */
function twoChecks(hosts: readonly number[]): World {
  const made = shop()
  const own = hosts.map((host) => made.machine(host))
  for (const one of own) one.guest = guest(8080, { servesHost: 'b.example.com' })
  made.listener.rules = ['a.example.com', 'b.example.com'].map((host, i) => ({
    ...made.pool,
    id: `loc-pool000${i}`,
    domain: host,
    check: { ...made.pool.check, host, codes: i === 0 ? 2 : 1 },
    backends: own.map((one) => backend(one, 8080)),
  }))
  return registered(made.world)
}

describe('two checks of one address and port', () => {
  it('are both asked for, and each has its answer', async () => {
    const run = await look(twoChecks([16]))
    expect(codesIn(run)).toEqual({ '10.0.1.16:8080': 'ok', [OTHER]: 'ok' })
    const inside = run.diagnosis.findings.filter(({ code }) => code.startsWith('guest-'))
    expect(
      Object.fromEntries(
        inside.map(({ title, explains }) => [explains.join(), /\b\d{3}\b/.exec(title)?.[0]]),
      ),
    ).toEqual({
      'lbl-shop0443/loc-pool0000/10.0.1.16:8080': '404',
      [OTHER]: '200',
    })
  })

  it('give way to what a person brings from the machine, whichever of them it is about', async () => {
    const { snapshot } = await look(twoChecks([16]))
    if (!snapshot) throw new Error('nothing was read')
    const health = mapped(snapshot.health, (all) =>
      all.filter(({ locationId }) => locationId === 'loc-pool0001'),
    )
    const text = 'clb-doctor-probe 1\ntarget=10.0.1.16\nport=8080\nprotocol=tcp\nclb-doctor-probe end\n'
    const report = { kind: 'probe', by: 'hand', at: snapshot.takenAt, instanceId: null, text } as const
    const check = { kind: null, path: null, host: null, method: null, codes: null, timeoutSeconds: null }
    const question = { report, check, target: null, sources: null, language: 'en' } as const
    const evaluated = evaluateInSnapshot(question, { ...snapshot, health })
    expect(evaluated).toMatchObject({ refusal: null, answer: { target: '10.0.1.16:8080', findings: [] } })
  })

  it('are asked for once if they send the same', async () => {
    const world = twoChecks([16])
    const [first, second] = world.balancers.flatMap(({ listeners }) =>
      listeners.flatMap(({ rules }) => rules),
    )
    if (!first || !second) throw new Error('no rules')
    second.check = { ...first.check, codes: 1 }
    const run = await look(world)
    expect(codesIn(run)).toEqual({ '10.0.1.16:8080': 'ok' })
    expect(run.calls.count('tat:InvokeCommand')).toBe(1)
  })

  it('are each asked for on at most three machines, and a gap names the others with their rule', async () => {
    const run = await look(twoChecks([16, 17, 18, 19]))
    const asked = Object.entries(codesIn(run)).filter(([, code]) => code === 'ok')
    expect(asked.map(([key]) => key)).toEqual([
      ...[16, 17, 18].map((host) => `10.0.1.${host}:8080`),
      ...[16, 17, 18].map((host) => `lbl-shop0443/loc-pool0001/10.0.1.${host}:8080`),
    ])
    expect(guestGaps(run).map(({ what }) => what)).toEqual([
      expect.stringMatching(/10\.0\.1\.19:8080, 10\.0\.1\.19:8080 \(HTTPS:443 b\.example\.com\//),
    ])
  })

  it('are each asked for from another machine', async () => {
    const { snapshot } = await look(twoChecks([16, 17]))
    // In the order in which they came back.
    expect(Object.keys(snapshot?.peers ?? {}).toSorted()).toEqual([
      ...[16, 17].map((host) => `10.0.1.${host}:8080`),
      ...[16, 17].map((host) => `lbl-shop0443/loc-pool0001/10.0.1.${host}:8080`),
    ])
  })
})

describe('another machine of the VPC', () => {
  it('asks each Dead backend, best a healthy one', async () => {
    const { snapshot } = await look(dead())
    expect(Object.entries(snapshot?.peers ?? {}).map(([endpoint, fact]) => [endpoint, fact])).toEqual(
      ENDPOINTS.map((endpoint) => [
        endpoint,
        { state: 'ok', value: expect.objectContaining({ instanceId: 'ins-web00017' }) },
      ]),
    )
  })

  it('is a Dead one if no other agent is online', async () => {
    const { snapshot } = await look(
      dead(({ machines }) => {
        for (const own of machines)
          if (!DEAD.some((host) => own.ip.endsWith(`.${host}`))) own.agent = agent({ status: 'Offline' })
      }),
    )
    expect(snapshot?.peers?.['10.0.1.16:8080']).toMatchObject({ value: { instanceId: 'ins-web00020' } })
  })
})

const on =
  (host: number, fields: Parameters<typeof agent>[0] | null) =>
  ({ machine: own }: Shop) => {
    own(host).agent = fields === null ? null : agent(fields)
  }

describe('a machine that says nothing is a gap with its reason', () => {
  it.each([
    ['no agent', on(16, null), 'AgentNotInstalled', 'has no TAT agent'],
    ['offline', on(16, { status: 'Offline' }), 'AgentOffline', 'systemctl restart tat_agent'],
    ['Windows', on(16, { environment: 'Windows' }), 'Windows', 'PowerShell'],
    ['another output', on(16, { output: 'motd\n' }), 'OtherOutput', '/etc/profile'],
    ...(
      [
        ['DELIVER_FAILED', 'could not be delivered'],
        ['START_FAILED', 'did not start'],
        ['TASK_TIMEOUT', 'agent did not respond'],
        ['CANCELLED', 'somebody cancelled it'],
      ] as const
    ).map(
      ([state, words]) => [state, on(16, { states: ['PENDING', state] }), `Task.${state}`, words] as const,
    ),
    ...(['FAILED', 'TIMEOUT', 'TERMINATED'] as const).map(
      (state) => [state, on(16, { states: [state], output: '' }), `Task.${state}`, `(${state})`] as const,
    ),
  ] as const)('%s', async (_, change, code, words) => {
    const run = await look(dead(change))
    expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': code, '10.0.1.20:8080': 'ok' })
    const [gap, ...more] = guestGaps(run)
    expect(more).toEqual([])
    expect([gap?.what, gap?.why]).toEqual([
      expect.stringContaining('10.0.1.16:8080'),
      expect.stringContaining(words),
    ])
    const system = code === 'Windows' ? ' --windows' : ''
    const judged = '--target=10.0.1.16:8080 --source=203.0.113.26/32 --check=http'
    expect(gap?.byHand?.slice(1)).toEqual([
      expect.stringContaining(
        `clb-doctor guest-script lb-7dpmqwcu 10.0.1.16:8080 --region ap-guangzhou${system}  #`,
      ),
      ...(system === '' ? [expect.stringContaining(`clb-doctor guest-judge - ${judged}`)] : []),
    ])
  })

  it('a healthy control that says nothing leaves no gap', async () => {
    for (const fields of [{ status: 'Offline' as const }, { states: ['DELIVER_FAILED'] }]) {
      const run = await look(dead(on(17, fields)))
      expect(codesIn(run)).toEqual({ '10.0.1.16:8080': 'ok', '10.0.1.20:8080': 'ok' })
      expect(guestGaps(run)).toEqual([])
    }
  })

  it('the rest of a task that failed or was ended is used', async () => {
    for (const state of ['FAILED', 'TIMEOUT', 'TERMINATED']) {
      const run = await look(dead(on(16, { states: [state] })))
      expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'ok' })
    }
  })

  it('a task goes through all states of its way', async () => {
    const states = ['PENDING', 'DELIVERING', 'DELIVER_DELAYED', 'RUNNING', 'SUCCESS']
    const run = await look(dead(on(16, { states })))
    expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'ok' })
  })

  it('a state that nobody knows counts once the whole output is there', async () => {
    const done = await look(
      dead(on(16, { states: ['SOMETHING_NEW'], output: 'clb-doctor-probe 1\nclb-doctor-probe end\n' })),
    )
    expect(codesIn(done)['10.0.1.16:8080']).toBe('ok')
    const run = await look(dead(on(16, { states: ['SOMETHING_NEW'], output: 'clb-doctor-probe 1\n' })))
    expect(codesIn(run)['10.0.1.16:8080']).toBe('NotInTime')
    expect(guestGaps(run)[0]?.why).toContain('SOMETHING_NEW')
  })

  it('a command of the same name and other content is refused, and nothing runs', async () => {
    const run = await look(
      registered(dead(), {
        commands: [
          { id: COMMAND, name: 'probe', content: 'rm -rf /\n', type: 'SHELL', takesParameters: true },
        ],
      }),
    )
    expect(run.calls.count('tat:InvokeCommand')).toBe(0)
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({
        errorCode: 'CommandDiffers',
        why: expect.stringContaining('guest-script --register'),
      }),
    ])
  })

  it('a command that takes no parameters is refused, too', async () => {
    const world = dead()
    for (const one of world.tat?.commands ?? []) one.takesParameters = false
    const run = await look(world)
    expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'CommandDiffers' })
  })

  it('output over 24 KB is used as far as it goes, and the gap says how much is missing', async () => {
    const long = `clb-doctor-probe 1\n${'x'.repeat(30_000)}\nclb-doctor-probe end\n`
    const run = await look(dead(on(16, { output: long })))
    expect(run.snapshot?.guests?.['10.0.1.16:8080']).toMatchObject({
      value: { droppedBytes: long.length - 24 * 1024 },
    })
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({ why: expect.stringContaining(`${long.length - 24 * 1024} bytes`) }),
    ])
  })
})

const DENIED: Fault = { kind: 'error', code: 'UnauthorizedOperation.CamNoAuth' }

describe('without a permission', () => {
  it.each([
    'tat:DescribeAutomationAgentStatus',
    'tat:DescribeCommands',
    'tat:InvokeCommand',
    'tat:DescribeInvocationTasks',
  ])('%s the diagnosis is the one from the API, and the gap names it', async (action) => {
    const run = await look(dead(), { faults: { [action]: DENIED } })
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({
        action,
        grant: action,
        what: expect.stringContaining(ENDPOINTS.join(', ')),
        why: expect.stringContaining('docs/cam-policy-guest.json'),
      }),
    ])
    expect(run.diagnosis.verdict).toBe('degraded')
  })

  it.each(LANGUAGES)('the text of it is whole, and true of --run-command, in %s', async (language) => {
    const action = 'tat:DescribeAutomationAgentStatus'
    const run = await look(dead(), { faults: { [action]: DENIED }, language, looks: { inGuest: 'sent' } })
    const [gap] = guestGaps(run)
    expect(gap?.why).toMatch(new RegExp(`${action}[；;]`))
    expect(gap?.why).toMatch(/--run-command .*docs\/cam-policy-run-command\.json/)
  })

  it.each(LANGUAGES)(
    'the first lines are those of a look from outside, and name it beside, in %s',
    async (language) => {
      const linesOf = ({ diagnosis }: SimulatedRun) =>
        diagnosisReport(diagnosis).summary.flatMap((part) => (part.kind === 'part' ? [part] : []))
      const outside = linesOf(await askSimulated(dead(), { clock: fastClock(), language }))
      const told = outside.filter(({ topic }) => topic === 'cause' || topic === 'action')
      expect(told.map(({ topic }) => topic)).toEqual(['cause', 'action'])
      for (const [action, inGuest] of [
        ['tat:DescribeAutomationAgentStatus', 'registered'],
        ['tat:InvokeCommand', 'registered'],
        ['tat:RunCommand', 'sent'],
      ]) {
        const faults = { [String(action)]: DENIED }
        const lines = linesOf(await look(dead(), { faults, language, looks: { inGuest } }))
        expect(lines.filter(({ topic }) => topic === 'cause' || topic === 'action')).toEqual(told)
        expect(lines.filter(({ topic }) => topic === 'open').map(({ text }) => text)).toEqual([
          expect.stringContaining(String(action)),
        ])
      }
      const offline = dead((made) => {
        for (const host of DEAD) made.machine(host).agent = agent({ status: 'Offline' })
      })
      // Another machine was asked instead.
      const lines = linesOf(await look(offline, { language }))
      expect(lines.map(({ topic }) => topic)).toEqual(expect.arrayContaining(['cause', 'action']))
      expect(lines.find(({ topic }) => topic === 'open')?.text).toContain('tat_agent')
    },
  )

  it('of the policy at all', async () => {
    const world = dead()
    delete world.tat
    const run = await look(world)
    expect(guestGaps(run).map(({ grant }) => grant)).toEqual(['tat:DescribeCommands'])
  })
})

describe('RunCommand', () => {
  it('sends the script along and asks for no registered command', async () => {
    const run = await look(registered(dead(), { mayRun: 'alone', commands: [] }), {
      looks: { inGuest: 'sent' },
    })
    expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'ok' })
    expect([run.calls.count('tat:DescribeCommands'), run.calls.count('tat:InvokeCommand')]).toEqual([0, 0])
    expect(bodiesOf(run, 'tat:RunCommand')[0]).toMatchObject({
      CommandType: 'SHELL',
      SaveCommand: false,
      EnableParameter: false,
    })
  })

  it('without its permission is a gap that names it and the better way', async () => {
    const run = await look(dead(), { looks: { inGuest: 'sent' } })
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({
        grant: 'tat:RunCommand',
        why: expect.stringContaining('docs/cam-policy-run-command.json'),
      }),
    ])
  })
})

describe('TAT that does not answer', () => {
  const ONCE = 4 // attempts of one call

  it('for a while loses nothing', async () => {
    const faults = { 'tat:DescribeInvocationTasks': { kind: 'http', status: 503, times: 2 * ONCE } } as const
    const run = await look(dead(), { faults })
    expect(codesIn(run)).toMatchObject(Object.fromEntries(ENDPOINTS.map((one) => [one, 'ok'])))
    expect(guestGaps(run)).toEqual([])
  })

  it('is not waited for until the time is over', async () => {
    const run = await look(dead(), {
      faults: { 'tat:DescribeInvocationTasks': { kind: 'http', status: 503 } },
    })
    expect(codesIn(run)).toMatchObject(Object.fromEntries(ENDPOINTS.map((one) => [one, 'Http503'])))
  })
})

it('credentials that run out during the look leave the diagnosis from the API', async () => {
  const fault = { kind: 'error', code: 'AuthFailure.TokenFailure' } as const
  for (const action of [
    'tat:DescribeAutomationAgentStatus',
    'tat:InvokeCommand',
    'tat:DescribeInvocationTasks',
  ]) {
    const run = await look(dead(), { faults: { [action]: fault } })
    expect(run.lookupFailure).toBeNull()
    expect(run.diagnosis.verdict).toBe('degraded')
    expect(guestGaps(run)).toEqual([
      expect.objectContaining({
        action,
        errorCode: fault.code,
        what: expect.stringContaining(ENDPOINTS.join(', ')),
      }),
    ])
  }
})

it('a control of one pool stays a Dead backend of another', async () => {
  const world = twoChecks([16, 17])
  const [first, second] = world.balancers.flatMap(({ listeners }) => listeners.flatMap(({ rules }) => rules))
  if (!first || !second) throw new Error('no rules')
  // The same request. What 17 answers suits the second rule alone.
  second.check = { ...first.check, codes: 8 }
  const one = world.machines.find(({ id }) => id === 'ins-web00016')
  const other = world.machines.find(({ id }) => id === 'ins-web00017')
  const third = world.machines.find(({ id }) => id === 'ins-web00018')
  if (!one || !other || !third) throw new Error('no machines')
  for (const own of [one, third]) own.guest = guest(8080, { listens: [] })
  // A Dead backend of the second rule alone.
  second.backends.push(backend(third, 8080))
  other.agent = agent({ states: ['DELIVER_FAILED'] })
  const run = await look(world)
  expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'ok', '10.0.1.17:8080': 'Task.DELIVER_FAILED' })
})

describe('time', () => {
  it('that is too short for the probe is a gap, and nothing runs', async () => {
    const run = await look(dead(), { looks: { inGuest: 'registered', endsAt: Date.now() } })
    expect(codesIn(run)).toEqual(Object.fromEntries(ENDPOINTS.map((one) => [one, 'NoTime'])))
    expect(run.calls.count('tat:InvokeCommand')).toBe(0)
    expect(guestGaps(run)[0]?.why).toContain('too short')
  })

  it('that is over leaves what came in time', async () => {
    const world = dead(on(16, { states: ['RUNNING'] }))
    const run = await look(world)
    expect(codesIn(run)).toMatchObject({ '10.0.1.16:8080': 'NotInTime', '10.0.1.20:8080': 'ok' })
    expect(guestGaps(run)[0]?.why).toContain('RUNNING')
  })
})
