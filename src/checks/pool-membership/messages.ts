import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'

export const reasons = {
  'no-targets': {
    title: { 'zh-CN': '{pool} 没有{lacks}', en: '{pool} has no {lacks}' },
    detail: {
      'zh-CN': '没有{lacks}，请求无处转发，也没有健康检查可看。',
      en: 'Without {lacks}, requests have nowhere to go, and there is no health to read.',
    },
    fix: {
      'zh-CN': '{add}绑定后端服务，或删除不再使用的{unused}。',
      en: '{add} backends, or delete the {unused} if it is no longer used.',
    },
  },
  'all-weights-zero': {
    title: {
      'zh-CN': '{pool} 的 {count} 个后端权重全部为 0',
      en: '{pool}: {count|the only backend has|all # backends have} weight 0',
    },
    detail: {
      'zh-CN': '权重为 0 的后端仍会被探测，但不会分到任何新请求；即使全部异常也不会触发“全死全转发”。',
      en: 'Backends with weight 0 are still probed but get no new requests; they also stay out when CLB falls back to forwarding to all.',
    },
    fix: {
      'zh-CN': '把应当承接流量的后端权重调到大于 0。',
      en: 'Give the backends that should serve traffic a weight above 0.',
    },
  },
  'check-disabled': {
    title: { 'zh-CN': '{pool} 未开启健康检查', en: 'Health checks are off for {pool}' },
    detail: {
      'zh-CN':
        '健康检查关闭时，CLB 不探测这 {count} 个后端，会一直向全部权重大于 0 的后端转发，包括已经不能服务的。状态 Close 不代表正常。',
      en: 'With the check off, CLB does not probe {count|this backend|these # backends} and keeps forwarding to all that have weight, dead ones included. Close does not mean healthy.',
    },
    fix: {
      'zh-CN': '为该监听器（或规则）开启健康检查。',
      en: 'Turn the health check on for this listener or rule.',
    },
  },
  'not-probed-yet': {
    title: {
      'zh-CN': '{pool} 有 {unknown} 个后端尚在探测中',
      en: '{pool}: {unknown|1 backend is|# backends are} not probed yet',
    },
    detail: {
      'zh-CN': '状态 Unknown 表示尚未开始探测或结果未出；在得到结论前，这些后端不会分到流量。请稍后再看。',
      en: 'Unknown means that probing has not started or has no result yet; until then these backends get no traffic. Look again shortly.',
    },
    fix: null,
  },
} as const satisfies Record<string, ReasonText>

/** What there is nothing of: backends of a listener or rule, or listeners of a CLB. */
export const LACKS = {
  backends: {
    lacks: { 'zh-CN': '绑定后端服务', en: 'backends' },
    add: { 'zh-CN': '', en: 'Bind' },
    unused: { 'zh-CN': '规则', en: 'rule' },
  },
  listeners: {
    lacks: { 'zh-CN': '监听器', en: 'listeners' },
    add: { 'zh-CN': '创建监听器并', en: 'Create a listener and bind' },
    unused: { 'zh-CN': '实例', en: 'CLB' },
  },
} as const satisfies Record<string, Record<string, Text>>
