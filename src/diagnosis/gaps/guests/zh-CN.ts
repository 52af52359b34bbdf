export const zhCN = {
  what: '{count} 个后端的机器内部：{targets}',
  /** Why the probe did not say what is inside, by the code of the failure. */
  why: {
    AgentNotInstalled:
      '机器上没有自动化助手（TAT）客户端；请在控制台“自动化助手 > 实例”里查看安装方法，或登录机器手动运行探针脚本',
    AgentOffline:
      '自动化助手（TAT）客户端不在线；请在机器上执行 systemctl restart tat_agent，或登录机器手动运行探针脚本',
    Windows:
      '机器是 Windows，探针脚本只能在 Linux 上运行；请登录机器执行 guest-script 给出的 PowerShell 命令',
    CommandMissing:
      '该地域没有 CLB_DOCTOR_TAT_COMMAND 指定的命令；命令按地域登记，请在该地域执行 guest-script --register 给出的命令',
    CommandDiffers:
      '登记的命令和本版本的探针脚本不一致，没有执行；请执行 guest-script --register 给出的命令重新登记，再更新 CLB_DOCTOR_TAT_COMMAND',
    InPod:
      '后端是 Pod，没有查到它所在的节点，或节点不转发到它（独占网卡的 Pod、超级节点），而自动化助手（TAT）进不了 Pod；请用 guest-script 给出的 kubectl 命令',
    NotAMachine: '没有查到哪台云服务器持有该地址，无法用自动化助手（TAT）执行',
    NoTime: '剩余时间不够运行探针脚本；请用 clb-doctor diagnose --in-guest 再诊断一次',
    NotInTime: '探针脚本没有在限定时间内返回（任务状态：{state}）；请再诊断一次，或登录机器手动运行',
    LeftOut: '每组情况相同的后端最多看 3 台，总数也有上限，因此没有看这些机器',
    OtherOutput: '返回的内容不是探针脚本的输出；请登录机器手动运行，看看登录脚本（/etc/profile）是否报错退出',
    Task: '自动化助手（TAT）任务没有成功：{state}',
    api: '{problem}',
  },
  /** The states of a task, in words. */
  states: {
    DELIVER_FAILED: '下发失败（DELIVER_FAILED），请确认客户端在线',
    START_FAILED: '脚本没能启动（START_FAILED），请检查磁盘空间和 /tmp 是否可写',
    FAILED: '脚本出错退出（FAILED）',
    TIMEOUT: '脚本超时被结束（TIMEOUT）',
    TASK_TIMEOUT: '客户端没有响应（TASK_TIMEOUT）',
    CANCELLED: '被人取消（CANCELLED）',
    TERMINATED: '被人中止（TERMINATED）',
    other: '{state}',
  },
  cut: {
    what: '{count} 台机器的部分输出：{targets}',
    why: '输出超过自动化助手（TAT）的 24 KB 上限，末尾被截掉 {bytes} 字节；没看到的规则算作未知。手动运行可得到完整输出',
  },
  policy: '授权用 docs/cam-policy-guest.json，其中的 cmd-xxxxxxxx 要换成 CLB_DOCTOR_TAT_COMMAND 的值',
  eitherPolicy:
    '授权用 docs/cam-policy-guest.json，其中的 cmd-xxxxxxxx 要换成 CLB_DOCTOR_TAT_COMMAND 的值；用 --run-command 时则用 docs/cam-policy-run-command.json',
  runPolicy: '授权用 docs/cam-policy-run-command.json；更稳妥的做法是登记脚本，不用 --run-command',
} as const
