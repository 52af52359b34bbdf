export const zhCN = {
  notJson: '这不是完整的 JSON。请重新运行 {command}，并把输出完整地保存下来',
  noObjects: '这段 JSON 里没有 Kubernetes 对象。请运行 {command}',
  otherKinds: '里面只有 {kinds}，用不上。请运行 {command}',
  nameless: '其中有对象没有 metadata.name，不像是 kubectl 的输出。请运行 {command}',
  status: '这是集群 API 的报错，不是对象：{message}',
} as const
