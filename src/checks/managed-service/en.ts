import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const owner = 'The address of the backend belongs to {services}.'

export const en = {
  reasons: {
    'group-blocks-probe': {
      title: '{denier} of {services} {blocks} the health check{what}',
      quote: shared.quote,
      detail: `${owner} ${shared.details.group}`,
      fix: shared.fixes.group,
    },
    'group-partly-blocks-probe': {
      title:
        'Security group {all} of {services} allows the health check from part of its sources only ({service})',
      quote: shared.quote,
      detail: `${owner} ${shared.details.groupPart}`,
      fix: shared.fixes.group,
    },
    'acl-blocks-probe': {
      title: '{denier} of the subnet of {services} {blocks} the health check{what}',
      quote: shared.quote,
      detail: `${owner} The health check probes {service}{from}. Inbound in the ACL of its subnet: {rule}.{rest}{shadowed} {count|1 backend|# backends} affected.{doubt}`,
      fix: shared.fixes.inbound,
    },
    'acl-blocks-reply': {
      title: '{denier} of the subnet of {services} {blocks} the reply to the health check',
      quote: shared.quote,
      detail: `${owner} ${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
  },
  several: '{count} managed services',
  products: {
    ip: 'Address',
    cdb: 'TencentDB for MySQL',
    redis: 'TencentDB for Redis',
    mongodb: 'TencentDB for MongoDB',
    postgres: 'TencentDB for PostgreSQL',
    ckafka: 'CKafka',
    cos: 'COS',
  },
} as const satisfies Translation<typeof zhCN>
