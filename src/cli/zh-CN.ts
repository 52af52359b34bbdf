export const zhCN = {
  checkVpc: '也请核对 --vpc。',
  otherVpc: '--vpc：{id} 在 {vpcId}，不在 {asked}',
  scan: {
    skipped: '跳过没有负载均衡产品的地域：',
    listing: '正在读取负载均衡列表和健康状态 …',
    hint: 'Ctrl-C 停止并显示已有结果',
  },
  demo: {
    scenario: '场景',
    group: '企业微信群收到：',
    calls: '为此，模拟云应答了 {n} 次签名的 API 调用。',
    kept: '模拟云和模拟的企业微信群继续运行。在另一个终端里设置这些变量，就可以对它执行 diagnose 和 serve：',
    until: '发到群里的消息会显示在这里；按 Ctrl-C 结束。',
    lost: '消息没有送达',
    next: '其他场景：npm run demo -- --list',
  },
} as const
