const byState = '对于 {id}：{advice}'

export const zhCN = {
  reasons: {
    'not-running': {
      title: '云服务器 {id}（{ip}）未运行：{state}',
      detail: '{name}（{ip}）当前状态为 {state}，不会应答任何探测。CLB 不会自动解绑关机的云服务器。',
      fix: byState,
    },
    'not-found': {
      title: '后端已不存在：{which}',
      detail: '监听器仍绑定着 {which}，但{missing}{doubt}',
      fix: '解绑 {id}，改绑实际在用的后端。',
    },
    isolated: {
      title: '云服务器 {id}（{ip}）处于隔离或到期状态：{state}',
      detail: '{name} 的业务状态为 {state}。CLB 不会解绑被隔离的云服务器，它会一直被探测为异常。',
      fix: byState,
    },
    'eni-detached': {
      title: '弹性网卡 {id}（{ip}）没有绑定云服务器',
      detail: '后端地址 {ip} 属于弹性网卡 {id}，网卡状态 {state}，没有挂载到任何云服务器，不会应答探测。',
      fix: '把弹性网卡绑定到云服务器，或解绑该后端。',
    },
    'ip-moved': {
      title: '地址 {id} 已不属于所绑定的云服务器',
      detail: '监听器绑定的是 {name}，但它的网卡上没有 {ip}；该地址现在属于：{state}。',
      fix: '按现在的地址重新绑定后端。',
    },
  },
  lag: '地址的占用记录可能滞后。',
  /** What to do about a machine, by its state (SDK cvm_models, InstanceState and RestrictState). */
  advice: {
    STOPPED: '启动它；若停机是有意的，从监听器解绑它或把权重设为 0。',
    STOPPING: '正在关机：变为 STOPPED 后启动它，或解绑它。',
    PENDING: '正在创建：等它变为 RUNNING 后再看。',
    LAUNCH_FAILED: '创建失败：解绑它，改绑另一台。',
    SHUTDOWN: '已停机待销毁，不能启动：解绑它，改绑另一台。',
    TERMINATING: '正在销毁：解绑它，改绑另一台。',
    EXPIRED: '续费恢复它，或从监听器解绑它。',
    PROTECTIVELY_ISOLATED: '它被安全隔离：在控制台查明原因并解除隔离；在此之前从监听器解绑它。',
  },
  /** The text for a machine or an address that does not exist. */
  missing: {
    machine: '该账号在此地域查不到这台云服务器，可能已销毁。',
    address: ' VPC 中没有任何网卡或产品在使用该地址，可能已释放。',
  },
} as const
