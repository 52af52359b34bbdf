import type { AuditRecord } from '../../src/simulator/world.ts'

/** What li.wei did to the group sg-shopweb1, or what `fields` say. */
export const auditRecord = (
  fields: Pick<AuditRecord, 'at' | 'event'> & Partial<AuditRecord>,
): AuditRecord => ({
  write: true,
  resourceType: 'vpc',
  resourceId: 'sg-shopweb1',
  actor: 'li.wei',
  sourceIp: '198.51.100.7',
  secretId: '',
  token: '',
  apiErrorCode: 0,
  ...fields,
})
