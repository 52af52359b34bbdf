export const zhCN = {
  notJson: '这不是完整的 JSON。请重新运行 {command}，并把输出完整地保存下来',
  noObjects: '这段 JSON 里没有 Kubernetes 对象。请运行 {command}',
  otherKinds: '里面只有 {kinds}，用不上。请运行 {command}',
  nameless: '其中有对象没有 metadata.name，不像是 kubectl 的输出。请运行 {command}',
  onePage:
    '这个 {kind} 只是长列表的第一页（metadata.continue），缺少的部分会被误当成集群里没有；请执行 {command}，它会输出全部',
  status: '这是集群 API 的报错，不是对象：{message}',
} as const
