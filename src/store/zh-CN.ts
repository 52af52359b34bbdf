export const zhCN = {
  notWhole: '存储：{field} 应为非负整数，而不是 {value}',
  closed: '存储已经关闭',
  memoryFull: '内存存储已满（上限 {limit} MB）；请等待已有告警处理完毕',
  /** CLB_DOCTOR_DATA */
  noSqlite:
    '无法加载 libsql（{why}），serve 要用它保存告警；请运行 npm install（不要带 --omit=optional），或设置 CLB_DOCTOR_REDIS_URL',
  diskFull: '{file} 写不下了（{code}）；请清理磁盘空间。已收下的告警不会丢失，有空间后自动恢复，无需重启',
  corrupt: '{file} 已损坏（{code}）；请用备份恢复该文件，或把它所在的目录移走后重新启动',
  unusable: '{file} 无法读写（{code}）；请检查目录的权限和所在的磁盘',
  noFolder: '{path} 不是目录；请把 CLB_DOCTOR_DATA 设为一个目录，目录不存在时 clb-doctor serve 会自动创建',
  dangling: '{path} 是一个链接，它指向的目录不存在；请修好这个链接，或把 CLB_DOCTOR_DATA 设为另一个目录',
  unmade: '无法创建 {path}（{code}）；请把 CLB_DOCTOR_DATA 设为当前用户可以写入的目录',
  replaced: '{file} 在运行中被删除或替换，新的告警无法保存；请重新启动 clb-doctor',
  empty: '{file} 是空文件，里面没有任何记录；请用备份恢复它，或者删除它、以空的存储启动',
  foreign: '{file} 不是 clb-doctor 的存储；请把 CLB_DOCTOR_DATA 设为另一个目录',
  newer:
    '{file} 由更新版本的 clb-doctor 写入（格式 {version}，本版本只认识到 {known}）；请使用新版本，或用备份恢复该文件',
  older: '{file} 由旧版本的 clb-doctor 写入；请先启动一次 clb-doctor serve，完成升级',
  owned:
    '目录 {folder} 正由另一个 clb-doctor 进程使用；请先停止那个进程，或把 CLB_DOCTOR_DATA 设为另一个目录',
  nothingHere: '目录 {folder} 里没有 clb-doctor 的存储；请用 CLB_DOCTOR_DATA 指定 serve 使用的目录',
  backupNowhere: '{file} 所在的目录不存在；请先创建，或换一个文件名',
  backupExists: '{file} 已存在；请换一个文件名，备份不会覆盖已有文件',
  /** CLB_DOCTOR_REDIS_URL */
  nothingInRedis:
    'Redis（{redis}，库 {db}）里没有 clb-doctor 的数据；请把 CLB_DOCTOR_REDIS_URL 设为 serve 使用的地址和库号',
  redisAway: 'Redis（{redis}）暂时不可用（{why}）；请检查 CLB_DOCTOR_REDIS_URL、网络和 Redis 是否正常',
  redisFull: 'Redis（{redis}）拒绝写入（{why}）；请增大它的内存或磁盘，有空间后自动恢复，无需重启',
} as const
