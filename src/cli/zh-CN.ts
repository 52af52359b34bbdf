export const zhCN = {
  noCommand: '没有写命令',
  noStdout: '标准输出已关闭，结果丢失；请用 --output FILE，只要退出码时请用 > /dev/null',
  unknownCommand: '没有命令“{name}”',
  options: {
    unknown: '没有选项 {option}；见 --help',
    needsValue: '{option} 需要一个值；见 --help',
    noValue: '{option} 不带值；见 --help',
    oneOf: '--{option} 可以是：{values}',
    noRegion: '“{given}”不是地域；请写成 ap-guangzhou 这样',
    oneMore: '，多个地域就多写几次 --region',
    noVpc: '“{given}”不是 vpc-1ywqac83 这样的 VPC ID',
    noListener: '“{given}”不是 lbl-a1b2c3d4 这样的监听器 ID',
    port: '--port 必须在 0 到 65535 之间',
  },
  files: {
    unnamed: '请写文件名',
    directory: '{path} 是目录',
    missing: '{path} 不存在',
    noDirectory: '{path} 不是目录',
    denied: '{path} 不可写（{why}）',
    lost: '{path} 没有写成（{why}）',
  },
  diagnose: {
    oneClb:
      '请写一个负载均衡：clb-doctor diagnose <lb-id | vip | 域名 | 名称 | 控制台地址> [--region ap-guangzhou]',
    noClb: '“{name}”不是负载均衡 ID（如 lb-7dpmqwcu），也不是 IP 地址、负载均衡的域名、名称或它的控制台地址',
    otherProduct: '{name} 属于另一种产品（{product}），有自己的 API；clb-doctor 诊断的是 CLB（lb-…）',
    unregistered:
      '--in-guest 需要登记过的探针脚本：clb-doctor guest-script --register 给出登记命令，执行后把返回的 cmd-… 写到 CLB_DOCTOR_TAT_COMMAND；不登记而直接下发脚本，请加 --run-command（需要 tat:RunCommand 权限）',
    runAlone: '--run-command 要和 --in-guest 一起写',
    runBeside: '--run-command 直接下发脚本，用不到 CLB_DOCTOR_TAT_COMMAND 登记的 {command}；请去掉其中一个',
    inside: '正在 {n} 台机器上运行只读的探针脚本，最多 40 秒 …',
    oneRegion: '--region 只写一个；一个负载均衡只在一个地域',
    sameFile: '--output 和 --save-snapshot 是同一个文件；请写两个',
    clbAndSnapshot: '--snapshot 里已经有负载均衡，不要再写它的 ID',
    idle: '--{option} 和 --snapshot 一起写没有作用；请去掉',
    reading: '正在读取 {name} …',
    checkVpc: '也请核对 --vpc。',
    otherVpc: '--vpc：{id} 在 {vpcId}，不在 {asked}',
  },
  snapshot: {
    notJson: '{path} 不是 JSON，读不了',
    notAnObject: '{path} 不是快照；快照由 --save-snapshot 写成，是一个 JSON 对象',
    missing: '{path} 缺少字段 {fields}；请用 --save-snapshot 重新保存',
    damaged: '{path} 里有字段不完整或形式不对；请用 --save-snapshot 重新保存',
    otherVersion: '{path} 的 snapshotVersion 是 {version}；这个版本只读 1',
  },
  guestScript: {
    twoNames:
      '请写负载均衡和后端：clb-doctor guest-script <lb-id> <IP:端口 | ins-…> [--region ap-guangzhou]；用 --snapshot 时只写后端',
    noTarget: '“{given}”不是后端；请写成 10.0.1.16:8080、[2001:db8::1]:8080 或 ins-a1b2c3d4',
    registerAlone: '--register 只需要 --region，不要再写负载均衡、后端和别的选项',
    registerRegion: '登记命令要有地域：请加 --region ap-guangzhou，或设置 TENCENTCLOUD_REGION',
    idle: '--{option} 和 --snapshot 一起写没有作用；请去掉',
    reading: '正在读取 {name} …',
    noPool: '{where}没有读到带后端的监听器，请用 clb-doctor diagnose 看是什么没有读到',
    ofListener: '{listener} ',
    ofClb: '这个负载均衡',
    unknown: '后端里没有 {given}；有 {some} 等 {count} 个',
    unknownNone: '后端里没有 {given}；这里没有后端',
    several: '{given} 有几个端口：{endpoints}；请写其中一个',
    service:
      '{endpoint} 是云数据库一类的托管实例，没有可以登录的系统，探针脚本用不上；请看 clb-doctor diagnose 给的步骤',
    asRoot:
      '在 {endpoint} 的机器上以 root 粘贴执行：只读，40 秒内结束，最多输出 20 KB。脚本问的是 {pool} 的健康检查。',
    inCluster:
      '在能用 kubectl 的机器上粘贴执行：脚本在 {endpoint} 的 Pod 里运行，只读，40 秒内结束。脚本问的是 {pool} 的健康检查。',
    onPodNode:
      '在能用 kubectl 的机器上粘贴执行：脚本在 Pod {endpoint} 所在的节点上运行（探测由它转发，脚本也会从它访问 Pod），只读，40 秒内结束。脚本问的是 {pool} 的健康检查。',
    nodeLogin: '能登录该节点时，在节点上以 root 执行，把第一行换成：',
    inPod: '节点上看不到的（Pod 监听在哪个地址、Pod 自己的规则），在能用 kubectl 的机器上把第一行换成：',
    noShell: 'Pod 里没有 sh 时，把第一行换成（会给 Pod 加一个临时容器）：',
    onNode: '要看全 Pod 网络里的防火墙规则，在它的节点上以 root 执行，把第一行换成：',
    fromCluster: 'Kubernetes 节点不能登录时，在能用 kubectl 的机器上把第一行换成：',
    others: '这个后端还在别的监听器或转发规则后面，检查内容不同；要问其中一个，请加 {others}。',
    severalChecks: '{endpoint} 在下面几处的检查内容各不相同，请写其中一个：{checks}',
    noRule: '没有转发规则 {given}；有 {rules}',
    noRules: '--rule：这里没有转发规则；TCP、UDP 监听器请用 --listener',
    judge: '把输出交给：{command}',
    judgeSaved:
      '先用 clb-doctor diagnose … --save-snapshot FILE 保存快照，再把输出交给：clb-doctor guest-judge - --snapshot FILE',
    noKeys: '{why}；没有密钥也可以用保存的快照：clb-doctor guest-script --snapshot FILE <后端>',
    windows:
      '在 {endpoint} 的机器上，用管理员身份的 PowerShell 逐条执行。这些输出由人来看，guest-judge 不读。',
    register: '请管理员先看过 guest/probe.sh，再执行这一行；返回的 cmd-… 写到 CLB_DOCTOR_TAT_COMMAND。',
  },
  serve: {
    extra: '多了参数“{extra}”；见 --help',
    deaf: '无法监听 {host}:{port}：{why}',
    inUse: '已有别的进程在监听这个地址',
    forbidden: '没有权限；1024 以下的端口一般需要 root',
    notHere: '本机没有这个地址',
  },
  backup: {
    noFile: '请写出备份文件名，例如 clb-doctor backup backup.db；见 --help',
    done: '已备份到 {file}',
  },
  incidents: {
    url: '--url 应为 clb-doctor serve 的地址，例如 {example}',
    limit: '--limit 必须在 1 到 {most} 之间',
    unknown: '没有事件 {id}，或已不再保存；clb-doctor incidents 列出保存着的',
  },
  route: {
    oneClb:
      '请写一个负载均衡：clb-doctor route <lb-id | vip | 域名 | 名称 | 控制台地址> [--region ap-guangzhou]',
  },
  guestJudge: {
    noInput:
      '请写要判断的内容：clb-doctor guest-judge <文件 | 目录 | ->；见 --help。要在机器上执行的命令由 clb-doctor guest-script 给出',
    missing: '{path} 不存在；请写机器上那份输出存成的文件或目录，要直接粘贴请写 -',
    stdin: '标准输入',
    paste: '请粘贴机器上的输出，然后按 Ctrl-D',
    empty:
      '{path} 是空的；请把机器上的输出完整保存进去再试。脚本在机器上什么也没打印时，请看它的报错：只粘贴了一部分，或脚本存成了 CRLF 换行，都要用 guest-script 重新生成并完整粘贴',
    emptyFolder: '{path} 里没有 .txt 文件；每条命令的输出存成一个文件，例如 ss.txt、iptables-save-c.txt',
    severalProbes: '{path} 里有 {count} 份探针输出：请一次只给一份',
    noProbe:
      '{path} 里没有探测脚本的输出（没有 clb-doctor-probe 这一行），也没有 kubectl 的 JSON；请保存 clb-doctor guest-script 所给命令的全部输出，或 {command} 的结果，或写一个按命令存成文件的目录',
    script:
      '{path} 是要在机器上执行的脚本，不是它的输出；请把脚本粘贴到机器上执行，再把机器打印的内容交给 guest-judge',
    windows:
      '{path} 是 Windows 上 PowerShell 命令的输出，guest-judge 不读，请自己看：Get-NetTCPConnection 要有 State 为 Listen、LocalAddress 不是 127.0.0.1 的一行；DefaultInboundAction 是 Block 的配置要有 Allow 这个端口的规则，且没有 Block 的规则；TcpTestSucceeded 要是 True；StatusCode 要在健康检查期望的返回码里',
    wrapped:
      '{path} 里的长行被折断了（终端、邮件或聊天软件会这样），拼不回原样，因此不作判断；请在机器上把输出直接存成文件：在脚本第一行 sh -s -- … 的末尾加上 > out.txt，再把 out.txt 取回来',
    noUtf8:
      '{path} 不是 UTF-8 文本（含有大量 NUL 字节，可能是不带 BOM 的 UTF-16）；在 Windows PowerShell 里请不要用 >，改用 | Out-File -Encoding utf8 out.txt 重新保存',
    noJson:
      '{path} 里的 JSON 不完整（被截断，或长行被折断）；请重新运行，直接存成文件：{command} > cluster.json',
    severalJson: '{path} 里有不止一份 JSON，请一次只给一份；各类对象可以一次取全：{command}',
    kubectlFailed:
      '{path} 里没有 JSON，只有 kubectl 的报错（{line}）；请换到能访问集群的机器，或设置 KUBECONFIG，kubectl get nodes 有结果后再运行 {command}',
    ofCheck: '--{option} 只用于机器上的输出；kubectl 的 JSON 里没有健康检查的请求',
    clusterRefusals: {
      'no-services':
        '{path} 里没有 Service；请运行 kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json',
      'no-load-balancer':
        '{path} 里没有 LoadBalancer 类型的 Service；请用 --target 写节点的 NodePort 或 Pod 的地址，例如 10.0.1.16:31080',
      'no-port':
        '--target 只有地址；判读 kubectl 的输出还要端口：节点的 NodePort，或 Pod 的容器端口，例如 10.0.1.16:31080',
      'not-in-cluster': '{path} 里没有 Service 有这个 NodePort，也没有 Pod 是这个地址和端口；请核对 --target',
      'not-of-clb':
        '{path} 里没有 Service 或 Ingress 使用快照里的负载均衡；可能是另一个集群的输出，或没有用 -A',
    },
    unreadable: '{path} 读不了（{why}）；请核对权限，或运行 sudo cat {path} | clb-doctor guest-judge -',
    tooLong: '标准输入超过 256 MB；请把输出存成文件，只留探测脚本的输出',
    target: '--target 应为 10.0.1.16:80 这样的地址和端口，“{given}”不是',
    source: '--source 应为 100.64.0.0/10 这样的地址或网段，“{given}”不是',
    path: '--path 必须以 / 开头',
    codes: '--codes 应为 2xx,3xx 这样的返回码',
    timeout: '--timeout 必须是大于 0、不超过 {most} 的秒数',
    refusals: {
      'nothing-read':
        '{path} 里没有认识的内容；目录里的文件要按命令命名（ss.txt、iptables-save-c.txt、nft.txt、curl.txt 等），第一行是 $ 命令',
      'no-target': '不知道 {path} 看的是哪个地址和端口；请加上 --target 10.0.1.16:80',
      'no-port': '不知道 {path} 看的是哪个端口；请加上 --target 10.0.1.16:80',
      'other-family': '--source 和目标必须同为 IPv4 或同为 IPv6',
      'not-in-snapshot': '快照里没有 {path} 所看的后端；请用 --target 写快照里后端的地址和端口',
      'not-probed': '快照里的负载均衡不探测 {path} 所看的后端（健康检查关闭、监听器停止，或没有读到）',
    },
  },
  sinks: {
    noAction: '请写 clb-doctor sinks test [名字]；见 --help',
    nobody: '没有配置接收方：请设置 CLB_DOCTOR_SINKS，或在 clb-doctor.json 里写 receivers（docs/routing.md）',
    unknown: '没有接收方“{name}”；已有 {known}',
    unknownNear: '没有接收方“{name}”，是不是“{meant}”？已有 {known}',
  },
  scan: {
    noClb: 'scan 只接受地域；诊断一个负载均衡请写 clb-doctor diagnose <lb-id | vip | 域名 | 名称>',
    bothRegions: '--all-regions 已包含所有 --region；两者只写一个',
    noRegion:
      '没有要巡检的地域：请写 --region ap-guangzhou（可多次）或 --all-regions，或设置 TENCENTCLOUD_REGION',
    skipped: '跳过没有负载均衡产品的地域：',
    listing: '正在读取负载均衡列表和健康状态 …',
    hint: 'Ctrl-C 停止并显示已有结果',
  },
  demo: {
    oneScenario: '只写一个场景；clb-doctor demo --list 列出全部',
    noScenario: '没有场景“{name}”；clb-doctor demo --list 列出全部',
    scenario: '场景',
    group: '企业微信群收到：',
    calls: '为此，模拟云应答了 {n} 次签名的 API 调用。',
    kept: '模拟云和模拟的企业微信群继续运行。在另一个终端里设置这些变量，就可以对它执行 diagnose 和 serve：',
    until: '发到群里的消息会显示在这里；按 Ctrl-C 结束。',
    lost: '消息没有送达',
    next: '其他场景：npm run demo -- --list',
  },
} as const
