import { zhCN as shared } from '../zh-CN.ts'

const owner = '后端地址属于{services}。'

export const zhCN = {
  reasons: {
    'group-blocks-probe': {
      title: '{services}的{denier}{blocks}健康检查{what}',
      quote: shared.quote,
      detail: `${owner}${shared.details.group}`,
      fix: shared.fixes.group,
    },
    'group-partly-blocks-probe': {
      title: '{services}的安全组 {all} 只放行了健康检查的部分源地址（{service}）',
      quote: shared.quote,
      detail: `${owner}${shared.details.groupPart}`,
      fix: shared.fixes.group,
    },
    'acl-blocks-probe': {
      title: '{services}所在子网的{denier}{blocks}健康检查{what}',
      quote: shared.quote,
      detail: `${owner}健康检查{from}探测 {service}。其子网的 ACL 入站：{rule}。{rest}{shadowed}涉及 {count} 个后端。{doubt}`,
      fix: shared.fixes.inbound,
    },
    'acl-blocks-reply': {
      title: '{services}所在子网的{denier}{blocks}健康检查的回包',
      quote: shared.quote,
      detail: `${owner}${shared.details.reply}`,
      fix: shared.fixes.outbound,
    },
  },
  several: '{count} 个云产品',
  products: {
    ip: '地址',
    cdb: '云数据库 MySQL',
    redis: '云数据库 Redis',
    mongodb: '云数据库 MongoDB',
    postgres: '云数据库 PostgreSQL',
    ckafka: '消息队列 CKafka',
    cos: '对象存储 COS',
  },
} as const
