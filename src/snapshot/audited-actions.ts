import type { IdPrefix } from '../model/ids.ts'

export type AuditedActions = Readonly<Record<string, readonly IdPrefix[]>>

const firewall: AuditedActions = {
  ModifySecurityGroupPolicies: ['sg'],
  CreateSecurityGroupPolicies: ['sg'],
  DeleteSecurityGroupPolicies: ['sg'],
  ReplaceSecurityGroupPolicy: ['sg'],
  ReplaceSecurityGroupPolicies: ['sg'],
  ModifyAddressTemplateAttribute: ['ipm'],
  ModifyAddressTemplateGroupAttribute: ['ipmg'],
  ModifyServiceTemplateAttribute: ['ppm'],
  ModifyServiceTemplateGroupAttribute: ['ppmg'],
  AddTemplateMember: ['ipmg', 'ipm', 'ppmg', 'ppm'],
  ModifyTemplateMember: ['ipmg', 'ipm', 'ppmg', 'ppm'],
  DeleteTemplateMember: ['ipmg', 'ipm', 'ppmg', 'ppm'],
  AssociateNetworkInterfaceSecurityGroups: ['eni'],
  DisassociateNetworkInterfaceSecurityGroups: ['eni'],
  ModifyNetworkInterfaceAttribute: ['eni'],
  AssociateSecurityGroups: ['ins'],
  DisassociateSecurityGroups: ['ins'],
  ModifyInstancesAttribute: ['ins'],
  ModifyNetworkAclEntries: ['acl'],
  CreateNetworkAclEntries: ['acl'],
  DeleteNetworkAclEntries: ['acl'],
  CreateNetworkAclQuintupleEntries: ['acl'],
  DeleteNetworkAclQuintupleEntries: ['acl'],
  ModifyNetworkAclQuintupleEntries: ['acl'],
  AssociateNetworkAclSubnets: ['subnet'],
  DisassociateNetworkAclSubnets: ['subnet'],
}

const effects: AuditedActions = {
  ReplaceRouteTableAssociation: ['subnet'],
  CreateRoutes: ['rtb'],
  DeleteRoutes: ['rtb'],
  ReplaceRoutes: ['rtb'],
  ResetRoutes: ['rtb'],
  EnableRoutes: ['rtb'],
  DisableRoutes: ['rtb'],
  AttachCcnInstances: ['vpc', 'ccn'],
  DetachCcnInstances: ['vpc', 'ccn'],
  RejectAttachCcnInstances: ['vpc', 'ccn'],
  AssociateInstancesToCcnRouteTable: ['vpc', 'ccn'],
  ReplaceCcnRouteTableInputPolicys: ['ccn'],
  ReplaceCcnRouteTableBroadcastPolicys: ['ccn'],
  EnableCcnRoutes: ['ccn'],
  DisableCcnRoutes: ['ccn'],
}

const machines: AuditedActions = {
  StartInstances: ['ins'],
  StopInstances: ['ins'],
  RebootInstances: ['ins'],
  ResetInstance: ['ins'],
  TerminateInstances: ['ins'],
  ModifyInstancesVpcAttribute: ['ins'],
  DetachNetworkInterface: ['eni'],
  AttachNetworkInterface: ['eni'],
  UnassignPrivateIpAddresses: ['eni'],
  MigratePrivateIpAddress: ['eni'],
  MigrateNetworkInterface: ['eni'],
  ModifyPrivateIpAddressesAttribute: ['eni'],
}

const balancers: AuditedActions = {
  ModifyListener: ['lbl', 'lb'],
  ModifyRule: ['loc', 'lbl', 'lb'],
  ModifyDomainAttributes: ['lbl', 'lb'],
  RegisterTargets: ['loc', 'lbl', 'lb'],
  DeregisterTargets: ['loc', 'lbl', 'lb'],
  BatchRegisterTargets: ['loc', 'lbl', 'lb'],
  BatchDeregisterTargets: ['loc', 'lbl', 'lb'],
  ModifyTargetPort: ['loc', 'lbl', 'lb'],
  ModifyTargetWeight: ['loc', 'lbl', 'lb'],
  BatchModifyTargetWeight: ['loc', 'lbl', 'lb'],
  AssociateTargetGroups: ['loc', 'lbl', 'lb'],
  DisassociateTargetGroups: ['loc', 'lbl', 'lb'],
  ModifyTargetGroupAttribute: ['lbtg'],
  RegisterTargetGroupInstances: ['lbtg'],
  DeregisterTargetGroupInstances: ['lbtg'],
  ModifyTargetGroupInstancesPort: ['lbtg'],
  ModifyTargetGroupInstancesWeight: ['lbtg'],
  ModifyLoadBalancerAttributes: ['lb'],
  SetLoadBalancerSecurityGroups: ['lb'],
  CreateLoadBalancerSnatIps: ['lb'],
  DeleteLoadBalancerSnatIps: ['lb'],
  SetLoadBalancerStartStatus: ['lbl', 'lb'],
}

/**
 * The write operations that can break or mend a probe's way (platform facts G), with the kind of id that each changes. If
 * a record names no id of the first kind, the next kind counts.
 */
export const AUDITED: AuditedActions = {
  ...firewall,
  ...effects,
  ...machines,
  ...balancers,
}
