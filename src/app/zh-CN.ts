export const zhCN = {
  /** What is wrong with a variable, and what to write. */
  variables: {
    credential: '应为不含空格的可打印 ASCII 字符；请照控制台显示的原样粘贴',
    proxy: '应为代理地址，例如 http://proxy.example.com:3128 或 http://user:password@proxy.example.com:3128',
    language: '应为 {languages}',
    or: ' 或 ',
    zone: '应为时区名，例如 Asia/Singapore 或 UTC',
    console: '应为 cn 或 intl',
    guest: '应为 off 或 on',
    guestLater: '这个版本还没有机内探测；请设为 off',
    redis:
      '应为 redis://[用户:密码@]主机[:端口][/库号]，使用 TLS 时以 rediss:// 开头；用户名和密码里的特殊字符请按百分号编码',
    noBackup: '设置了 CLB_DOCTOR_REDIS_URL，数据都在 Redis 里；请用 Redis 自己的备份',
    pages: '这个版本还没有事件页面；请删除这个变量',
    region: '“{given}”不是地域；请写成 ap-guangzhou 这样的形式',
    tokens: '应为一个密钥；轮换期间可写两个，用空格分开',
    domain: '应为域名，例如 tencentcloudapi.com 或 internal.tencentcloudapi.com',
    origin: '应为不带路径的源地址，例如 http://127.0.0.1:9100',
    rate: '应为每秒请求数，是一个正数，例如 15',
    unset: '{variable} 没有设置；请使用 API 密钥，或给函数配置运行角色',
    timer: 'TENCENTCLOUD_REGION 没有设置，定时触发器也没有写地域；请设置该变量，或写成 {example}',
  },
  /** Told to the other receivers. */
  refusal: {
    title: '接收方 {receiver} 拒收消息',
    why: '它的回答：{why}',
    todo: '发往它的消息没有送达，也不会重发。请检查机器人是否被移除、地址和密钥是否有效；每个接收方每天只提醒一次',
  },
  /** What is wrong with `clb-doctor.json`, and what to write. */
  file: {
    unread: '无法读取（{code}）；请检查文件权限',
    directory: '是一个目录；应为文件',
    dangling: '是一个链接，它指向的文件不存在；请修好或删除这个链接',
    noJson: '不是 JSON；请写成 {example}',
    shape: '应为只含 accepted 的对象：{example}',
    entry: '第 {entry} 条：{problem}；例如 {example}',
    noObject: '应为含 code、resource、reason 和 until 的对象',
    extra: '没有“{field}”这一项；只写 code、resource、reason 和 until',
    missing: '缺少 {field}',
    noText: '{field} 应为字符串',
    code: 'code 应为一个发现代码，例如 "security-group/probe-blocked"',
    resource: 'resource 应为一个完整的 ID，例如 "sg-a1b2c3d4"；不支持通配符',
    reason: 'reason 应写明为什么在预期内，1 到 200 个字符',
    until:
      'until 应为日期，例如 "2026-12-31"（到当天结束，UTC），或带时区的时间，例如 "2026-12-31T18:00:00+08:00"',
    ineffective: '{file}：第 {entry} 条不起作用：没有代码 {code}，请对照 docs/finding-codes.json',
  },
} as const
