import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const owner = 'The address of the backend belongs to {services}.'

export const en = {
  reasons: {
    'group-blocks-probe': {
      title: 'Security group {all} of {services} {blocks} the health probe ({service})',
      detail: `${owner} ${shared.details.group}`,
      fix: shared.fixes.group,
    },
    'group-partly-blocks-probe': {
      title: 'Security group {all} of {services} lets in only part of the probe sources ({service})',
      detail: `${owner} ${shared.details.groupPart}`,
      fix: shared.fixes.group,
    },
    'acl-blocks-probe': {
      title: 'Network ACL {id} of the subnet of {services} {blocks} the health probe ({service})',
      detail: `${owner} Inbound in the ACL of its subnet: {rule}.{lacking}{rest}{shadowed} Backends behind it: {count}.{doubt}`,
      fix: shared.fixes.inbound,
    },
    'acl-blocks-reply': {
      title: 'Network ACL {id} of the subnet of {services} {blocks} the reply to the health probe',
      detail: `${owner} ${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
  },
} as const satisfies Translation<typeof zhCN>
