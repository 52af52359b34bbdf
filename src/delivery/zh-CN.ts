export const zhCN = {
  /** What is wrong with an address of a receiver, and what to write. `where`: its kind and host. */
  wrong: {
    receiver: '第 {place} 个接收地址{detail}',
    same: '（{where}）和第 {first} 个是同一个接收方，只是写法不同；同一个接收方只能写一次，请删掉其中一个',
    scheme: '（{scheme}//…）里没有有效的主机名',
    plain: '（{host}）：不加密的 http 只能用于本机回环地址；请改用 https',
    several: '后面紧跟着另一个地址，中间没有空格；请用空格分隔地址',
    punctuation: '以标点结尾；地址之间只用空格分隔',
    quotes: '带有引号或括号；请去掉',
    invisible: '含有看不见的字符；请重新复制',
    never:
      '（{kind}）：不支持直接发送。可以发给 Alertmanager，由它转发（alertmanager+https://…），或发给自己的程序（webhook+https://…）',
    noUrl: '不是 URL；请写 {forms}',
    unknown: '（{scheme}//…）无法识别；请写 {forms}',
    parameter: '（{where}）需要一个 {name}=…；请粘贴机器人的完整 webhook 地址',
    badKey: '（{where}）：key 应是由字母、数字和短横线组成的一个词；地址之间用空格分隔',
    secret: '（{where}）：secret 应为 whsec_ 加 24 到 64 字节的 base64',
    body: '（{where}）：body 只能是 alertmanager-v4，或者不写',
    dingtalkSecret: '（{where}）：secret 应为钉钉显示的加签密钥，以 SEC 开头',
    path: '（{where}）：路径应为 {path}；请粘贴完整的 webhook 地址',
    feishuSecret: '（{where}）：secret 应为飞书“签名校验”中显示的密钥',
    noHost: '（smtp）没有主机名',
    from: '（{where}）需要 from=sender@example.com',
    to: '（{where}）需要 to=oncall@example.com',
    login: '（{where}）的用户名和密码要么都写，要么都不写',
    ticket: '（{where}）应写成 {form}；用户名、密码和令牌要做百分号编码',
    encoded: '（{where}）：用户名和密码要做百分号编码',
    application: '（{where}）是企业微信应用的，不是群机器人的；请写成 {form}',
    appLogin: '（{where}）：主机名前要写“企业ID:应用Secret@”',
    appAgent: '（{where}）需要一个 agent=…，填应用详情页上的 AgentId（数字）',
    appTo:
      '（{where}）：to= 填成员账号，多人写 to=a|b，全员写 to=@all；也可以用 party=、tag= 填部门或标签的 ID（数字）；至少要有一个',
  },
  or: '或',
  forms: {
    wecom: '粘贴企业微信群机器人的 URL、wecom+https://…',
    smtp: 'smtps://…',
  },
  /** The field of WeCom's console for addresses that may call. */
  trustedIp: '企业可信IP',
} as const
