import type { ReasonText } from '../check.ts'

export const reasons = {
  isolated: {
    title: { 'zh-CN': '负载均衡 {clb} 已被隔离', en: 'CLB {clb} is isolated' },
    detail: {
      'zh-CN': '实例处于隔离状态（Isolation=1），无论后端是否正常，都不转发流量。通常是欠费或到期未续费。',
      en: 'The instance is isolated (Isolation=1): it forwards no traffic, whatever its backends are like. Usually an unpaid or expired instance.',
    },
    fix: { 'zh-CN': '续费或充值以解除隔离。', en: 'Renew or top up the account to lift the isolation.' },
  },
  'vip-blocked': {
    title: { 'zh-CN': '负载均衡 {clb} {state}', en: 'CLB {clb} {state}' },
    detail: {
      'zh-CN': '{read}，与后端服务无关：{why}。',
      en: '{read}, whatever the backends are like: {why}.',
    },
    fix: {
      'zh-CN': '在控制台查看原因和解除时间（DDoS 封堵见 DDoS 防护控制台），或提交工单。',
      en: 'See the console (for a DDoS block, the Anti-DDoS console) for the reason and the end of it, or open a ticket.',
    },
  },
  stopped: {
    title: { 'zh-CN': '负载均衡 {clb} 已停止', en: 'CLB {clb} is stopped' },
    detail: {
      'zh-CN': '实例被停止（AttributeFlags 含 Stop），不接收也不转发流量，健康检查随之关闭。',
      en: 'The instance was stopped (AttributeFlags contains Stop): it takes and forwards no traffic, and its health checks are off.',
    },
    fix: {
      'zh-CN': '确认停止是否有意；若不是，启动该实例。',
      en: 'Find out whether this was meant; if not, start the instance.',
    },
  },
  creating: {
    title: { 'zh-CN': '负载均衡 {clb} 仍在创建中', en: 'CLB {clb} is still being created' },
    detail: {
      'zh-CN': 'Status=0：实例尚未就绪，健康检查还没有意义。',
      en: 'Status=0: the instance is not ready, so its health checks mean nothing yet.',
    },
    fix: null,
  },
  'listener-stopped': {
    title: {
      'zh-CN': '监听器 {listenerName}（{listener}）已停止',
      en: 'Listener {listenerName} ({listener}) is stopped',
    },
    detail: {
      'zh-CN': '监听器被停止（AttrFlags 含 Stop），不转发流量，也不做健康检查。',
      en: 'The listener was stopped (AttrFlags contains Stop): it forwards no traffic and does not probe.',
    },
    fix: {
      'zh-CN': '确认停止是否有意；若不是，启动该监听器。',
      en: 'Find out whether this was meant; if not, start the listener.',
    },
  },
} as const satisfies Record<string, ReasonText>

/** The VIP is blocked, or a flag restricts the CLB, which says neither why nor how far. */
export const RESTRICTED = (flag: string | undefined) =>
  flag === undefined
    ? {
        read: 'IsBlock=true',
        state: { 'zh-CN': '的 VIP 被封堵', en: 'has its VIP blocked' },
        why: {
          'zh-CN': '公网流量到不了负载均衡，通常是因为攻击',
          en: 'public traffic does not reach the CLB, usually because of an attack',
        },
      }
    : {
        read: `AttributeFlags=${flag}`,
        state: { 'zh-CN': `带有 ${flag} 标志`, en: `is flagged ${flag}` },
        why: {
          'zh-CN': '实例受限，原因和流量是否能通过，API 没有说明',
          en: 'it is restricted; why, and whether traffic gets through, the API does not say',
        },
      }
