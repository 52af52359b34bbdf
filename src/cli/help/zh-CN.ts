/** The help of each command. No line is longer than 100 columns. */
export const zhCN = {
  general: `clb-doctor：腾讯云负载均衡（CLB）的健康检查为什么失败，该改什么？

  clb-doctor diagnose <lb-id | vip | 域名 | 名称 | 控制台地址>
                                                  诊断一个负载均衡
  clb-doctor guest-script <lb-id> <后端>            只读的探针脚本，粘贴到后端上执行
  clb-doctor scan [--region R]… [--all-regions]   巡检地域内的所有负载均衡，包括隐患
  clb-doctor serve [--host H] [--port P]          接收告警，把诊断发给接收方
  clb-doctor incidents [ID] [--open]              发生了什么、通知了谁
  clb-doctor route <lb-id | vip | …>              会通知谁、按哪条路由、为什么
  clb-doctor sinks test [名字]                      给每个接收方发一条测试消息
  clb-doctor backup FILE                          备份 serve 的存储，serve 运行时也可以
  clb-doctor guest-judge <文件 | 目录 | ->          按机器上的输出判断探测会遇到什么
  clb-doctor demo [场景]                            不需要账号的演示
  clb-doctor <命令> --help                          命令的选项和例子
  clb-doctor -v, --version | -h, --help

退出码：0 健康；1 有异常并已诊断（后端异常，或没有提供服务）；2 命令或配置有误；3 无法判断，
或结果没有写成。语言：--lang，其次 CLB_DOCTOR_LANG，再次是终端的 LANG。
环境变量：TENCENTCLOUD_SECRETID、TENCENTCLOUD_SECRETKEY、TENCENTCLOUD_REGION 等，见
docs/configuration.md。
`,
  diagnose: `clb-doctor diagnose：诊断一个负载均衡，或一份保存的快照。

  clb-doctor diagnose <lb-id | vip | 域名 | 名称 | 控制台地址> [选项]
  clb-doctor diagnose --snapshot FILE [选项]

  --region R            地域，如 ap-guangzhou 或 gz；默认 TENCENTCLOUD_REGION
  --vpc vpc-…           内网 VIP 属于多个负载均衡时，指定 VPC
  --listener lbl-…      只看这一个监听器
  --in-guest            到异常后端的机器内部查看：用自动化助手（TAT）执行登记过的只读脚本
                        （CLB_DOCTOR_TAT_COMMAND），见 docs/in-guest.md
  --run-command         与 --in-guest 一起用：不登记，直接下发脚本（需要 tat:RunCommand 权限）
  --probe-network       从 SNAT IP 所在子网向 IDC 的异常后端发 ICMP 探测包
  --format F            text（默认）、json、markdown 或 html
  --lang L              zh-CN 或 en
  --output FILE         结果写入文件，不写到 stdout
  --save-snapshot FILE  保存读到的内容，不含密钥
  --snapshot FILE       诊断保存的快照；不需要密钥，不调用 API

例：
  clb-doctor diagnose lb-7dpmqwcu --region ap-guangzhou
  clb-doctor diagnose 203.0.113.26 --format html --output report.html

退出码：0 健康；1 有异常并已诊断；2 命令或配置有误；3 无法判断，或结果没有写成。
`,
  'guest-script': `clb-doctor guest-script：打印只读的探针脚本，粘贴到后端上执行，不需要任何权限。

  clb-doctor guest-script <lb-id | vip | 域名 | 名称 | 控制台地址> <IP:端口 | ins-…> [选项]
  clb-doctor guest-script --snapshot FILE <IP:端口 | ins-…> [选项]
  clb-doctor guest-script --register [--region R]

  --region R        地域，如 ap-guangzhou 或 gz；默认 TENCENTCLOUD_REGION
  --vpc vpc-…       内网 VIP 属于多个负载均衡时，指定 VPC
  --listener lbl-…  后端在几个监听器后面时，按这一个的健康检查
  --rule R          同上，按这一条转发规则：loc-…，或 shop.example.com/cart 这样的域名和路径
  --snapshot FILE   从保存的快照取健康检查的设置，不需要凭据
  --windows         Windows 后端：打印几条 PowerShell 命令，输出由人来看
  --register        打印 tccli tat CreateCommand，登记脚本供 --in-guest 使用
  --lang L          zh-CN 或 en

例子：
  clb-doctor guest-script lb-7dpmqwcu 10.0.1.16:8080 --region ap-guangzhou
  clb-doctor guest-script lb-7dpmqwcu ins-a1b2c3d4 > probe.sh

标准输出只有脚本，说明在标准错误。脚本读什么、不做什么，见 docs/guest.md。
退出码：0 已打印；2 命令或配置有误；3 没有读到需要的内容。
`,
  scan: `clb-doctor scan：巡检地域内的所有负载均衡，包括尚未发作的隐患。

  clb-doctor scan [选项]

  --region R       地域，可多次；默认 TENCENTCLOUD_REGION
  --all-regions    所有地域
  --format F       text（默认）、json 或 html
  --lang L         zh-CN 或 en
  --output FILE    结果写入文件，不写到 stdout

例：
  clb-doctor scan --region ap-guangzhou --region ap-shanghai
  clb-doctor scan --all-regions --format html --output fleet.html

Ctrl-C 停止读取，显示已有的结果；再按一次立即结束。
退出码：0 都健康；1 至少一个异常；2 命令或配置有误；3 有无法判断或没有读到的，或结果没有写成。
`,
  serve: `clb-doctor serve：接收告警（POST /alarms），把诊断发给接收方；也提供诊断的 API。

  clb-doctor serve [选项]

  --host H   监听地址，默认 0.0.0.0
  --port P   端口，默认 9000

例：
  clb-doctor serve
  clb-doctor serve --host 127.0.0.1 --port 9100

接收方写在 CLB_DOCTOR_SINKS；没有 CLB_DOCTOR_ALARM_TOKEN 时只接受本机的告警。语言用
CLB_DOCTOR_LANG。收到 SIGTERM 后，处理完已收到的告警再结束。
退出码：0 正常结束；2 命令或配置有误，或无法监听。
`,
  demo: `clb-doctor demo：在模拟的云里发一个告警，显示企业微信群收到的消息。不需要账号。

  clb-doctor demo [场景] [选项]

  --list      列出所有场景
  --lang L    zh-CN 或 en
  --keep      模拟云继续运行，可以用 diagnose 和 serve 连接它
  --verbose   把服务的日志写到 stderr

例：
  clb-doctor demo
  clb-doctor demo acl-denies-reply --lang en

终端里显示带颜色的消息；输出到管道或文件时，是发出的原文。
退出码：0 消息已送达；2 命令有误；3 消息没有送达。
`,
  incidents: `clb-doctor incidents：列出事件，或显示一个事件的经过。

  clb-doctor incidents [ID] [选项]

  --open       不列已关闭的
  --limit N    最多列多少个，1 到 200，默认 50
  --before ID  只列比这个事件更早的
  --format F   text（默认）或 json
  --url URL    向这个地址的 clb-doctor serve 查询
  --lang L     zh-CN 或 en

例：
  clb-doctor incidents --open
  clb-doctor incidents in-0123456789abcdef --url http://10.0.0.5:9000

没有 --url 时：设置了 CLB_DOCTOR_REDIS_URL 就直接读 Redis；否则读 CLB_DOCTOR_DATA 目录；目录正被
serve 使用时，向那个 serve 查询（它的地址记在目录里）。查询 serve 时使用 CLB_DOCTOR_API_TOKEN。
退出码：0 已列出；2 命令或配置有误，或没有这个事件；3 读不到。
`,
  route: `clb-doctor route：按负载均衡现在的状态，会通知谁、按哪条路由、为什么。

  clb-doctor route <lb-id | vip | 域名 | 名称 | 控制台地址> [选项]

  --region R          地域，如 ap-guangzhou 或 gz；默认 TENCENTCLOUD_REGION
  --vpc vpc-…         内网 VIP 属于多个负载均衡时，指定 VPC
  --source S          alarm（默认），或 scan：定时巡检发现这个负载均衡时的消息
  --policy 名称       假设触发的告警策略
  --format F          text（默认）或 json
  --lang L            zh-CN 或 en

例：
  clb-doctor route lb-7dpmqwcu
  clb-doctor route 203.0.113.26 --policy clb-health --format json

会诊断这个负载均衡，不发送任何消息。clb-doctor.json 的路由见 docs/routing.md。
路由要求的信息读不到时，按可能匹配处理：它的接收方也算在内。
退出码：0 已回答；2 命令或配置有误；3 路由要求的信息没有读到，或密钥无效。
`,
  'guest-judge': `clb-doctor guest-judge：根据从机器上取回的输出，判断健康检查的探测会遇到什么。

  clb-doctor guest-judge <文件 | 目录 | -> [选项]

  文件或 -         在机器上执行 clb-doctor guest-script 所给命令的输出
                   或 kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json 的输出
  目录             常用命令的输出，一条命令一个文件：ss.txt、iptables-save-c.txt、nft.txt 等
  --target A       所看的后端，如 10.0.1.16:80；ping 不需要端口
  --source CIDR    探测源，可多次
  --check C        http、https、tcp 或 ping
  --path P         如 /healthz
  --host H         健康检查的 Host 头
  --method M       GET 或 HEAD
  --codes 列表     算作健康的返回码，如 2xx,3xx
  --timeout S      超时，秒
  --snapshot FILE  从 diagnose --save-snapshot 保存的快照里取检查方式和探测源
  --format F       text（默认）或 json
  --lang L         zh-CN 或 en

没有写的，以生成脚本时的健康检查为准（脚本的输出里有）。目录里的输出没有这些，按以下默认值：http、
GET /、返回码 1xx,2xx,3xx,4xx、超时 5 秒，探测来自 100.64.0.0/10。

例：
  clb-doctor guest-judge probe.txt
  clb-doctor guest-judge outputs/ --source 100.64.0.0/10 --codes 2xx,3xx --format json
  kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json | clb-doctor guest-judge -

不需要密钥，不发出任何请求。目录里可以有哪些文件见 docs/guest-judge.md。
退出码：0 探测都能通过；1 有探测被拦；2 命令或输入有误；3 有探测不能确定。
`,
  sinks: `clb-doctor sinks test：给每个接收方发一条测试消息，显示各自的回答。

  clb-doctor sinks test [名字] [选项]

  名字        一个接收方：clb-doctor.json 里的名字，或它在 CLB_DOCTOR_SINKS 里的类型和序号
              （如 wecom-1）；不写则测试全部
  --lang L    zh-CN 或 en：这里显示的语言，不影响消息的语言

例：
  clb-doctor sinks test
  clb-doctor sinks test oncall

测试消息不提醒任何人，也不需要密钥；没有送达时不会重发。Jira、GitHub 和 TAPD 只检查能否创建工单，
不会真的创建。
退出码：0 都已送达；1 至少一个没有送达；2 命令或配置有误，或没有这个接收方。
`,
  backup: `clb-doctor backup：把 serve 的存储（CLB_DOCTOR_DATA）备份成一个文件，serve 运行时也可以。

  clb-doctor backup FILE

例：
  clb-doctor backup clb-doctor-$(date +%F).db

恢复：停止 serve，清空目录，再把备份文件放进去，命名为 store.db。
退出码：0 已备份；2 命令有误，或没有备份成。
`,
} as const
