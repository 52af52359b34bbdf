import type { Text } from '../../model/language.ts'
import type { ReasonText } from '../check.ts'

export const reasons = {
  'fallback-active': {
    title: {
      'zh-CN': '{pool} 的 {count} 个后端全部异常，CLB 正在向它们全部转发',
      en: 'Every weighted backend of {pool} is Dead, so CLB forwards to {count|it all the same|all of them (#)}',
    },
    detail: {
      'zh-CN':
        '同一监听器（或转发规则）下权重大于 0 的后端全部异常时，CLB 不再剔除任何后端，请求会被转发给全部 {count} 个{except}。因此部分请求可能仍会成功：业务“还能访问”不代表健康检查正常。',
      en: 'When every backend with a weight above 0 in one listener or rule is Dead, CLB stops taking any of them out: requests go to {count|that one|all #}{except}. Some requests may still succeed; that the service "still works" does not mean that the check is wrong.',
    },
    fix: null,
  },
  'one-left': {
    title: {
      'zh-CN': '{pool} 的 {count} 个后端中只剩 1 个正常',
      en: 'Only 1 of the {count} backends of {pool} is left',
    },
    detail: {
      'zh-CN': '全部流量都由 {last} 承担；它一旦异常，CLB 将改为向所有异常后端转发。',
      en: 'All traffic goes to {last}; when it fails too, CLB will forward to every Dead backend.',
    },
    fix: {
      'zh-CN': '确认 {last} 能承受全部流量，并优先恢复其他后端。',
      en: 'Make sure that {last} can carry all the traffic, and bring the others back first.',
    },
  },
} as const satisfies Record<string, ReasonText>

export const exceptFor = (zeroWeight: number): Text =>
  zeroWeight === 0
    ? { 'zh-CN': '', en: '' }
    : {
        'zh-CN': `（权重为 0 的 ${zeroWeight} 个除外）`,
        en: ` (not to the ${zeroWeight} with weight 0)`,
      }
