import { zhCN as shared } from '../zh-CN.ts'

export const zhCN = {
  reasons: {
    'not-running': {
      title: '{which}{is}',
      quote: shared.quote,
      detail: '{list} 当前状态为 {state}，不会应答任何探测。CLB 不会自动解绑关机的云服务器。{common}',
      fix: '{advice}',
    },
    'not-found': {
      title: '{gone}',
      quote: shared.quote,
      detail: '监听器仍绑定着 {list}，但{missing}{doubt}{common}',
      fix: '若其余后端不够，先绑定实际在用的云服务器；再从监听器解绑{them}',
    },
    isolated: {
      title: '{which}{is}',
      quote: shared.quote,
      detail: '{list} 的业务状态为 {state}。CLB 不会解绑被隔离的云服务器，会一直把它们探测为异常。{common}',
      fix: '{advice}',
    },
    'eni-detached': {
      title: '{which}没有绑定云服务器',
      quote: shared.quote,
      detail: '弹性网卡 {list} 状态为 {state}，没有挂载到任何云服务器，不会应答探测。{common}',
      fix: '把弹性网卡绑定到云服务器，或从监听器解绑 {ips}',
    },
    'ip-moved': {
      title: '{which}已不属于所绑定的云服务器',
      quote: shared.quote,
      detail: '监听器绑定的是 {names}，但其网卡上没有 {list}；现在的归属：{owners}。{common}',
      fix: '按现在的地址重新绑定后端',
    },
    'no-public-bandwidth': {
      title: '{which}没有公网带宽，而该账号的公网带宽按云服务器计费',
      quote: shared.quote,
      detail:
        '账号是传统账户类型（LEGACY）：公网带宽在云服务器上，不在 CLB 上。这类账号的公网 CLB 只能访问有公网带宽的云服务器，否则健康检查异常（文档 214/38451）。{list} 的公网带宽为 0，没有发现其他确定或很可能的原因。要证实：给其中一台设 1 Mbps，几轮检查后看它是否恢复正常。{doubt}{common}',
      fix: '给 {them} 设置至少 1 Mbps 的公网带宽（会在云服务器上按带宽或流量计费；按带宽计费的机器每次只能改一台），或把账号升级为标准账户类型',
    },
    'one-zone': {
      title:
        '异常的 {dead} 台机器都在可用区 {zone}，正常的 {alive} 台都在其他可用区：更可能是可用区的问题，而不是每台机器各自出问题',
      detail:
        '异常：{list}。先看腾讯云健康看板（status.cloud.tencent.com）有没有 {zone} 的事件；再看这些机器是否共用正常机器没有的子网、路由表、网络 ACL 或安全组。{subnets}',
      fix: null,
    },
  },
  /** Platform facts F. */
  bandwidth: {
    doubt: '共享带宽包或弹性公网 IP 的带宽是否也算在内，文档没有说明。',
    hops: '链路上还有环节未能确定，原因也可能在那里。',
  },
  subnets: '异常机器的子网：{ids}。',
  lag: '占用记录可能滞后。',
  /** What the finding is about: one thing, or the number of things. */
  named: {
    cvm: { one: '云服务器 {id}（{ip}）', several: '{count} 台云服务器' },
    eni: { one: '弹性网卡 {id}（{ip}）', several: '{count} 个弹性网卡' },
    ip: { one: '地址 {id} ', several: '{count} 个地址' },
  },
  /** The state of a machine in words (SDK cvm_models, InstanceState and RestrictState). */
  words: {
    STOPPED: '已关机',
    STOPPING: '正在关机',
    PENDING: '正在创建',
    LAUNCH_FAILED: '创建失败',
    SHUTDOWN: '已停机待销毁',
    TERMINATING: '正在销毁',
    EXPIRED: '已到期',
    PROTECTIVELY_ISOLATED: '被安全隔离',
  },
  /** What to do about machines, by their state. */
  advice: {
    STOPPED: '启动 {them}；若是有意关机，请解绑或把权重设为 0',
    STOPPING: '等 {them} 关机完成后再启动，或解绑',
    PENDING: '{them} 正在创建，等运行后再看',
    LAUNCH_FAILED: '{them} 创建失败，请解绑并改绑其他云服务器',
    SHUTDOWN: '{them} 待销毁，不能启动，请解绑并改绑其他云服务器',
    TERMINATING: '{them} 正在销毁，请解绑并改绑其他云服务器',
    EXPIRED: '续费 {them}，或从监听器解绑',
    PROTECTIVELY_ISOLATED: '在控制台查明 {them} 被安全隔离的原因并解除，在此之前从监听器解绑',
  },
  /** What to do something about, within a sentence. */
  them: {
    cvm: { one: '{id}', several: '这 {count} 台云服务器' },
    eni: { one: '{id}', several: '这 {count} 个弹性网卡' },
    ip: { one: '{id}', several: '这 {count} 个地址' },
  },
  gone: {
    cvm: {
      one: '云服务器 {id}（{ip}）已销毁，仍绑定在监听器上',
      several: '{count} 台云服务器已销毁，仍绑定在监听器上',
    },
    ip: {
      one: '地址 {id} 已无人使用，仍绑定在监听器上',
      several: '{count} 个地址已无人使用，仍绑定在监听器上',
    },
  },
  /** How it is known that a machine or an address does not exist. */
  missing: {
    cvm: '该账号在此地域已查不到。',
    ip: ' VPC 中没有任何网卡或产品在使用，可能已释放。',
  },
} as const
