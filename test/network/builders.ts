import type { AclEntry, SecurityRule } from '../../src/model/snapshot.ts'
import type { TemplateSource } from '../../src/network/index.ts'

export const rule = (fields: Partial<SecurityRule>): SecurityRule => ({
  index: 0,
  protocol: null,
  port: null,
  service: null,
  cidr: null,
  ipv6Cidr: null,
  sourceGroupId: null,
  address: null,
  action: null,
  description: null,
  modifiedAt: null,
  ...fields,
})

export const entry = (fields: Partial<AclEntry>): AclEntry => ({
  id: null,
  priority: null,
  protocol: null,
  action: null,
  description: null,
  modifiedAt: null,
  port: null,
  cidr: null,
  ipv6Cidr: null,
  sourcePort: null,
  destinationPort: null,
  sourceCidr: null,
  destinationCidr: null,
  sourceIpv6Cidr: null,
  destinationIpv6Cidr: null,
  ...fields,
})

export const noTemplates: TemplateSource = { addresses: () => null, services: () => null }
