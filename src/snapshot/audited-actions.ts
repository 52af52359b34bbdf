const firewall = {
  ModifySecurityGroupPolicies: ['sg'],
  CreateSecurityGroupPolicies: ['sg'],
  DeleteSecurityGroupPolicies: ['sg'],
  ReplaceSecurityGroupPolicy: ['sg'],
  ReplaceSecurityGroupPolicies: ['sg'],
  ModifyAddressTemplateAttribute: ['ipm'],
  ModifyAddressTemplateGroupAttribute: ['ipmg'],
  ModifyServiceTemplateAttribute: ['ppm'],
  ModifyServiceTemplateGroupAttribute: ['ppmg'],
  AssociateNetworkInterfaceSecurityGroups: ['eni'],
  DisassociateNetworkInterfaceSecurityGroups: ['eni'],
  AssociateSecurityGroups: ['ins'],
  DisassociateSecurityGroups: ['ins'],
  ModifyInstancesAttribute: ['ins'],
  ModifyNetworkAclEntries: ['acl'],
  CreateNetworkAclQuintupleEntries: ['acl'],
  DeleteNetworkAclQuintupleEntries: ['acl'],
  ModifyNetworkAclQuintupleEntries: ['acl'],
  AssociateNetworkAclSubnets: ['subnet'],
  DisassociateNetworkAclSubnets: ['subnet'],
}

const roads = {
  ReplaceRouteTableAssociation: ['subnet'],
  CreateRoutes: ['rtb'],
  DeleteRoutes: ['rtb'],
  ReplaceRoutes: ['rtb'],
  EnableRoutes: ['rtb'],
  DisableRoutes: ['rtb'],
  AttachCcnInstances: ['vpc', 'ccn'],
  DetachCcnInstances: ['vpc', 'ccn'],
  EnableCcnRoutes: ['ccn'],
  DisableCcnRoutes: ['ccn'],
}

const machines = {
  StopInstances: ['ins'],
  RebootInstances: ['ins'],
  ResetInstance: ['ins'],
  TerminateInstances: ['ins'],
  DetachNetworkInterface: ['eni'],
  AttachNetworkInterface: ['eni'],
  UnassignPrivateIpAddresses: ['eni'],
  MigratePrivateIpAddress: ['eni'],
}

const balancers = {
  ModifyListener: ['lbl', 'lb'],
  ModifyRule: ['loc', 'lbl', 'lb'],
  RegisterTargets: ['loc', 'lbl', 'lb'],
  DeregisterTargets: ['loc', 'lbl', 'lb'],
  ModifyTargetPort: ['loc', 'lbl', 'lb'],
  ModifyTargetWeight: ['loc', 'lbl', 'lb'],
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
 * The write operations that can put a probe out of its way (platform facts G), and what each changes: the kind of id,
 * and in place of it the next one where a record names none of that kind.
 */
export const AUDITED: Readonly<Record<string, readonly string[]>> = {
  ...firewall,
  ...roads,
  ...machines,
  ...balancers,
}
