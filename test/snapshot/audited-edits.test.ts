import { describe, expect, it } from 'vitest'
import { editOf } from '../../src/snapshot/audited-edits.ts'

const rule = { Protocol: 'TCP', Port: 8080, CidrBlock: '10.0.0.0/8', Action: 'DROP', PolicyDescription: 'x' }
const ofGroup = (Ingress: unknown, more: object = {}) => ({
  SecurityGroupId: 'sg-1',
  SecurityGroupPolicySet: { Version: '7', Ingress },
  ...more,
})
const ofAcl = (set: object, more: object = {}) => ({
  NetworkAclId: 'acl-1',
  NetworkAclEntrySet: set,
  ...more,
})
const entry = { Protocol: 'tcp', Port: '80', CidrBlock: '10.0.0.0/8', Action: 'Accept' }

describe('the parameters of an audited operation', () => {
  it('say which rules were added, with a number as its text', () => {
    const edit = editOf('CreateSecurityGroupPolicies', ofGroup([{ ...rule, PolicyIndex: '2' }]))
    expect(edit).toMatchObject({
      kind: 'rules-added',
      rules: [{ index: 2, protocol: 'TCP', port: '8080', cidr: '10.0.0.0/8', action: 'DROP', service: null }],
    })
  })

  it('say which rules were replaced, only if they hold the rules before', () => {
    const now = ofGroup([rule])
    const before = { OriginalSecurityGroupPolicySet: { Ingress: [{ ...rule, Action: 'ACCEPT' }] } }
    expect(editOf('ReplaceSecurityGroupPolicy', { ...now, ...before })).toMatchObject({
      kind: 'rules-replaced',
      rules: [{ now: { action: 'DROP' }, before: { action: 'ACCEPT' } }],
    })
    expect(editOf('ReplaceSecurityGroupPolicy', now)).toBeNull()
  })

  it('say which rules were deleted, only if they were named by their content', () => {
    expect(editOf('DeleteSecurityGroupPolicies', ofGroup([rule]))).toMatchObject({ kind: 'rules-removed' })
    expect(editOf('DeleteSecurityGroupPolicies', ofGroup([{ PolicyIndex: 1 }]))).toBeNull()
  })

  it('say which whole list of rules was set, only if they hold both directions', () => {
    const both = { SecurityGroupPolicySet: { Version: '7', Ingress: [rule], Egress: [rule] } }
    expect(editOf('ModifySecurityGroupPolicies', { ...both, SortPolicys: true })).toMatchObject({
      kind: 'rules-set',
      ingress: [{ action: 'DROP' }],
      egress: [{ action: 'DROP' }],
      isOrdered: true,
    })
    expect(editOf('ModifySecurityGroupPolicies', both)).toMatchObject({ isOrdered: false })
    expect(editOf('ModifySecurityGroupPolicies', ofGroup([rule]))).toBeNull()
    const none = { SecurityGroupPolicySet: { Version: '0' } }
    expect(editOf('ModifySecurityGroupPolicies', none)).toMatchObject({ ingress: [], egress: [] })
  })

  it('say which entries of an ACL were added or set; an update of single entries says neither', () => {
    expect(editOf('CreateNetworkAclEntries', ofAcl({ Egress: [entry] }))).toMatchObject({
      kind: 'entries-added',
      ingress: null,
      egress: [{ protocol: 'tcp', port: '80', cidr: '10.0.0.0/8' }],
    })
    expect(editOf('ModifyNetworkAclEntries', ofAcl({ Ingress: [entry] }))).toMatchObject({
      kind: 'entries-set',
      egress: null,
    })
    const updated = ofAcl({ Ingress: [entry] }, { EnableUpdateAclEntries: true })
    expect(editOf('ModifyNetworkAclEntries', updated)).toBeNull()
  })

  it('say which subnets an ACL was bound to', () => {
    expect(editOf('AssociateNetworkAclSubnets', { NetworkAclId: 'acl-1', SubnetIds: ['subnet-1'] })).toEqual({
      kind: 'acl-bound',
      aclId: 'acl-1',
      subnetIds: ['subnet-1'],
    })
  })

  it('say which backends were unbound or weighted, and with which weight', () => {
    const target = { InstanceId: 'ins-1', Port: 80 }
    const named = { poolId: 'loc-1', instanceId: 'ins-1', ip: null, port: 80 }
    const rule1 = { ListenerId: 'lbl-1', LocationId: 'loc-1' }
    expect(editOf('DeregisterTargets', { ...rule1, Targets: [target] })).toEqual({
      kind: 'targets-removed',
      targets: [{ ...named, weight: null }],
    })
    expect(editOf('RegisterTargets', { ...rule1, Targets: [target] })).toEqual({
      kind: 'targets-added',
      targets: [{ ...named, weight: 10 }],
    })
    const weights = { ...rule1, Targets: [target, { EniIp: '10.0.1.9', Port: 80, Weight: 5 }], Weight: 0 }
    const set = [
      { ...named, weight: 0 },
      { ...named, instanceId: null, ip: '10.0.1.9', weight: 5 },
    ]
    expect(editOf('ModifyTargetWeight', weights)).toEqual({ kind: 'weights-set', targets: set })
    expect(editOf('BatchModifyTargetWeight', { ModifyList: [weights] })).toMatchObject({ targets: set })
    const each = { Targets: [{ ...target, ...rule1 }] }
    expect(editOf('BatchDeregisterTargets', each)).toMatchObject({ targets: [{ ...named, weight: null }] })
  })

  it('do not say which rule it was if only its domain is given', () => {
    const asked = {
      ListenerId: 'lbl-1',
      Domain: 'a.com',
      Url: '/',
      Targets: [{ InstanceId: 'ins-1', Port: 80 }],
    }
    expect(editOf('DeregisterTargets', asked)).toBeNull()
  })

  it('say which settings of a check were given, and none if one of them is not known', () => {
    for (const action of ['ModifyListener', 'ModifyRule']) {
      const HealthCheck = {
        HealthSwitch: 1,
        HttpCheckPath: '/healthz',
        CheckPort: -1,
        TimeOut: '2',
        HttpCode: null,
      }
      const check = { enabled: true, path: '/healthz', port: null, timeoutSeconds: 2 }
      expect(editOf(action, { LoadBalancerId: 'lb-1', HealthCheck })).toEqual({ kind: 'check-set', check })
      for (const odd of [{ Shape: 'round' }, { TimeOut: 'soon' }])
        expect(editOf(action, { HealthCheck: { ...HealthCheck, ...odd } })).toEqual({ kind: 'check-set' })
      for (const none of [{ ListenerName: 'shop' }, { HealthCheck: null }, { HealthCheck: 'on' }])
        expect(editOf(action, none)).toBeNull()
    }
  })

  it('say nothing if a value has an unknown form, or if the action is not known', () => {
    for (const odd of [[{ ...rule, Port: ['80'] }], [{ ...rule, PolicyIndex: 'first' }], 'all', [null]])
      expect(editOf('CreateSecurityGroupPolicies', ofGroup(odd))).toBeNull()
    for (const none of [null, {}, ofGroup([])]) expect(editOf('CreateSecurityGroupPolicies', none)).toBeNull()
    expect(editOf('ModifySecurityGroupPolicies', ofGroup([rule]))).toBeNull()
    expect(editOf('constructor', {})).toBeNull()
  })
})
