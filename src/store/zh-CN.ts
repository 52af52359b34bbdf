export const zhCN = {
  notWhole: '存储：{field} 应为非负整数，而不是 {value}',
  memoryFull: '内存存储已满（上限 {limit} MB）；请等待已有告警处理完毕',
} as const
