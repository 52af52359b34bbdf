import { describe, expect, it } from 'vitest'
import { ok } from '../../src/model/fact.ts'
import type { Language } from '../../src/model/language.ts'
import type { Listener, ListenerRule } from '../../src/model/snapshot.ts'
import { findingOf } from '../support/findings.ts'
import { diagnosisOfSnapshot, findingsOf, listener, snapshotOf } from '../support/snapshots.ts'

// Only a rule that forwards gives a listener a pool. So the facts of a listener come from the list of listeners.

const CODE = 'load-balancer-state/listener-stopped'

const redirect: ListenerRule = {
  locationId: 'loc-redirect',
  domain: 'shop.example.com',
  url: '/',
  healthCheck: null,
  forwardType: null,
  targetType: null,
  targetGroupIds: [],
  redirectsTo: 'lbl-aaaaaaaa',
}
const http = (fields: Partial<Listener> = {}): Listener =>
  listener({ id: 'lbl-bbbbbbbb', name: 'plain', protocol: 'HTTP', port: 80, healthCheck: null, ...fields })

/** A listener whose backend is Alive, and others. */
const beside = (others: readonly Listener[], language: Language = 'en', status = 'Alive') =>
  diagnosisOfSnapshot(
    {
      ...snapshotOf({ machines: [{ host: 16, status }] }),
      listeners: ok([listener(), ...others]),
    },
    language,
  )

describe('a stopped HTTP listener beside a healthy one', () => {
  it.each([
    ['whose only rule redirects', [redirect]],
    ['that has no rule', []],
  ])('%s is found, and the CLB is degraded', (_, rules) => {
    const diagnosis = beside([http({ stopped: true, rules })])
    expect(diagnosis.verdict).toBe('degraded')
    const { title, role, resources, fix } = findingOf(diagnosis, CODE)
    expect([title, role]).toEqual(['Listener HTTP:80 (lbl-bbbbbbbb) is stopped', 'cause'])
    expect(resources).toMatchObject([{ type: 'listener', id: 'lbl-bbbbbbbb', name: 'plain' }])
    expect(fix?.commands?.map(({ line }) => line)).toEqual([
      expect.stringContaining(`--ListenerIds '["lbl-bbbbbbbb"]'`),
    ])
    expect(diagnosis.headline).toContain('a listener is not serving')
  })

  it('is one finding with all listeners and one command if several are stopped', () => {
    const others = [http({ stopped: true }), http({ id: 'lbl-cccccccc', port: 81, stopped: true })]
    const { title, resources, fix } = findingOf(beside(others), CODE)
    expect(title).toBe('2 listeners (HTTP:80, HTTP:81) are stopped')
    expect(resources.map(({ id }) => id)).toEqual(['lbl-bbbbbbbb', 'lbl-cccccccc'])
    expect(fix?.commands).toHaveLength(1)
    expect(findingOf(beside(others, 'zh-CN'), CODE).title).toBe('2 个监听器（HTTP:80、HTTP:81）已停止')
  })
})

describe('a CLB that is stopped', () => {
  it.each(['Close', 'Unknown'])('is degraded even if every backend is %s', (status) => {
    const stopped = snapshotOf({ machines: [{ host: 16, status }], balancer: { attributeFlags: ['Stop'] } })
    expect(diagnosisOfSnapshot(stopped).verdict).toBe('degraded')
  })
})

describe('an HTTP listener without rules', () => {
  it('is a risk that names the listener, and the verdict follows the others', () => {
    const diagnosis = beside([http()])
    expect(diagnosis.verdict).toBe('healthy')
    const { title, role, resources, fix } = findingOf(diagnosis, 'pool-membership/no-targets')
    expect([title, role]).toEqual(['HTTP:80 has no forwarding rules', 'risk'])
    expect(resources.map(({ id }) => id)).toEqual(['lbl-bbbbbbbb'])
    expect(fix?.summary).toBe(
      'Create a rule and bind backends, or delete the listener if it is no longer used.',
    )
    const zh = findingOf(beside([http()], 'zh-CN'), 'pool-membership/no-targets')
    expect([zh.title, zh.fix?.summary]).toEqual([
      'HTTP:80 没有转发规则',
      '创建转发规则并绑定后端服务，或删除不再使用的监听器。',
    ])
  })

  it('is not reported if its rule redirects, or if the backends of its rules are registered', () => {
    expect(findingsOf(beside([http({ rules: [redirect] })]))).toEqual([])
    const snapshot = snapshotOf({ machines: [{ host: 16, status: 'Alive' }] })
    const hidden = snapshotOf({
      machines: [
        {
          host: 17,
          status: 'Alive',
          registration: { listenerId: 'lbl-bbbbbbbb', locationId: 'loc-unlisted' },
        },
      ],
    })
    const both = { ...snapshot, listeners: ok([listener(), http()]), registrations: hidden.registrations }
    expect(diagnosisOfSnapshot(both).findings.filter(({ title }) => title.includes('HTTP:80'))).toEqual([])
  })
})
