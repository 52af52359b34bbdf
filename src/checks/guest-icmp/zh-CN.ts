import { zhCN as shared } from '../zh-CN.ts'

const { looked } = shared.guest

export const zhCN = {
  reasons: {
    'echo-ignored': {
      title: '{which}设置为不应答 ping，而健康检查用的就是 PING',
      quote: '{by}',
      detail: `{settings} 让内核忽略所有 ping，探测得不到应答。${looked}{common}{list}{doubt}`,
      fix: '改成应答 ping，并写入配置文件，重启后仍有效；若不能应答 ping，就把健康检查改成 TCP 或其他方式{tke}',
    },
    'rate-limited': {
      title: '{which}对 ping 限速，健康检查的 PING 可能得不到应答',
      quote: '{by}',
      detail: `ping 的请求或应答受到限速，超出的得不到应答，探测时好时坏。${looked}{common}{list}{doubt}`,
      fix: '让健康检查的 ping 不受限速（限速来自 {limits}），或把健康检查改成 TCP{tke}',
    },
    'icmp-dropped': {
      title: '{which}的{tool}丢弃了健康检查的 PING',
      quote: '{by}',
      detail: `来自 {from} 的 ping 命中这条规则，被丢弃或拒绝，探测得不到应答。${looked}{common}{list}{doubt}`,
      fix: '在该规则前放行来自 {lets} 的 ping，不放行别的来源',
    },
  },
} as const
