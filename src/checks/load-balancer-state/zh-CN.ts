export const zhCN = {
  reasons: {
    isolated: {
      title: '负载均衡 {clb} 已被隔离',
      detail: '实例处于隔离状态（Isolation=1），无论后端是否正常，都不转发流量。通常是欠费或到期未续费。',
      fix: '续费或充值以解除隔离。',
    },
    'vip-blocked': {
      title: '负载均衡 {clb} {state}',
      detail: '{read}，与后端服务无关：{why}。',
      fix: '在控制台查看原因和解除时间（DDoS 封堵见 DDoS 防护控制台），或提交工单。',
    },
    stopped: {
      title: '负载均衡 {clb} 已停止',
      detail: '实例被停止（AttributeFlags 含 Stop），不接收也不转发流量，健康检查随之关闭。',
      fix: '先确认是否有人有意停止；若不是，启动该实例。',
    },
    creating: {
      title: '负载均衡 {clb} 仍在创建中',
      detail: '实例尚未就绪（Status=0），健康检查的结果还不能说明问题。',
      fix: null,
    },
    'listener-stopped': {
      title: '{which}已停止',
      detail: '监听器停止后（AttrFlags 含 Stop），不转发流量，也不做健康检查。',
      fix: '先确认是否有人有意停止；若不是，启动监听器。',
    },
  },
  listeners: {
    one: '监听器 {name}（{id}）',
    some: '{count} 个监听器（{names}）',
    many: '{count} 个监听器',
  },
  /** The VIP is blocked, or a flag restricts the CLB. The flag does not say why or how far. */
  restricted: {
    block: { state: '的 VIP 被封堵', why: '公网流量到不了负载均衡，通常是因为攻击' },
    BanStatus: {
      state: '处于封禁状态',
      why: '实例的服务或访问受限，API 没有说明原因，也没有说明流量能否通过',
    },
    BlockStatus: {
      state: '处于受限状态',
      why: '实例的部分操作或流量受限，API 没有说明原因，也没有说明流量能否通过',
    },
  },
} as const
