import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  noCommand: 'no command given',
  noStdout:
    'stdout is closed, so the result is lost; use --output FILE, or > /dev/null if only the exit status counts',
  unknownCommand: 'there is no command "{name}"',
  options: {
    unknown: 'there is no option {option}; see --help',
    needsValue: '{option} needs a value; see --help',
    noValue: '{option} takes no value; see --help',
    oneOf: '--{option} must be one of {values}',
    noRegion: '"{given}" is not a region; write one such as ap-guangzhou',
    oneMore: ', and --region again for another',
    noVpc: '"{given}" is not a VPC id such as vpc-1ywqac83',
    noListener: '"{given}" is not a listener id such as lbl-a1b2c3d4',
    port: '--port must be 0 to 65535',
  },
  files: {
    unnamed: 'name a file',
    directory: '{path} is a directory',
    missing: '{path} does not exist',
    noDirectory: '{path} is not a directory',
    denied: '{path} cannot be written to ({why})',
    lost: '{path} could not be written ({why})',
  },
  diagnose: {
    oneClb:
      'name one CLB: clb-doctor diagnose <lb-id | vip | domain | name | console address> [--region ap-guangzhou]',
    noClb:
      '"{name}" is not a CLB id such as lb-7dpmqwcu, an IP address, the domain of a CLB, its name or its address in the console',
    otherProduct:
      '{name} belongs to another product ({product}) with an API of its own; clb-doctor diagnoses CLBs (lb-…)',
    unregistered:
      '--in-guest needs the registered probe: clb-doctor guest-script --register prints the command that registers it, and CLB_DOCTOR_TAT_COMMAND is the cmd-… that it returns; to send the script without registering it, add --run-command (needs tat:RunCommand)',
    runAlone: '--run-command goes with --in-guest only',
    runBeside:
      '--run-command sends the script along and does not use {command}, which CLB_DOCTOR_TAT_COMMAND names; leave out one of them',
    inside: 'running the read-only probe on {n|1 machine|# machines}, at most 40 s …',
    oneRegion: '--region: name one; a CLB is in one region',
    sameFile: '--output and --save-snapshot name the same file; write two',
    clbAndSnapshot: '--snapshot holds the CLB; leave its id out',
    idle: '--{option} has no effect beside --snapshot; leave it out',
    reading: 'reading {name} …',
    checkVpc: ' Check --vpc too.',
    otherVpc: '--vpc: {id} is in {vpcId}, not in {asked}',
  },
  snapshot: {
    notJson: '{path} cannot be read as JSON',
    notAnObject: '{path} is not a snapshot, which is a JSON object that --save-snapshot writes',
    missing: '{path} has no {fields}; save it again with --save-snapshot',
    damaged: '{path} has an incomplete or misshapen field; save it again with --save-snapshot',
    otherVersion: '{path} has snapshotVersion {version}; this version reads 1',
  },
  guestScript: {
    twoNames:
      'name the CLB and the backend: clb-doctor guest-script <lb-id> <ip:port | ins-…> [--region ap-guangzhou]; with --snapshot only the backend',
    noTarget:
      '"{given}" is not a backend; write one such as 10.0.1.16:8080, [2001:db8::1]:8080 or ins-a1b2c3d4',
    registerAlone: '--register needs only --region; leave out the CLB, the backend and other options',
    registerRegion:
      'a command is registered in a region: add --region ap-guangzhou, or set TENCENTCLOUD_REGION',
    idle: '--{option} has no effect beside --snapshot; leave it out',
    reading: 'reading {name} …',
    noPool:
      '{where} has no listener with backends that could be read; clb-doctor diagnose shows what could not',
    ofListener: '{listener}',
    ofClb: 'the CLB',
    unknown: 'there is no backend {given}; there are {count}, such as {some}',
    unknownNone: 'there is no backend {given}; there are none',
    several: '{given} has several ports: {endpoints}; name one of them',
    service:
      '{endpoint} is a managed service without a shell, so the script is of no use; see the steps of clb-doctor diagnose',
    asRoot:
      'Paste it as root on the machine of {endpoint}: it only reads, ends within 40 s and prints at most 20 KB. It asks about the check of {pool}.',
    inCluster:
      'Paste it where kubectl works: it runs in the pod of {endpoint}, only reads and ends within 40 s. It asks about the check of {pool}.',
    onPodNode:
      'Paste it where kubectl works: it runs on the node of pod {endpoint}, which forwards the probes and asks the pod, only reads and ends within 40 s. It asks about the check of {pool}.',
    nodeLogin: 'In a shell on that node, as root, use this first line instead:',
    inPod:
      'For what the node does not see (on which address the pod listens, its own rules), use this first line where kubectl works:',
    noShell: 'If the pod has no sh, use this first line instead (it adds an ephemeral container to the pod):',
    onNode: "To see every rule in the pod's network, run it as root on the pod's node with this first line:",
    fromCluster: 'For a node of Kubernetes without a login, use this first line where kubectl works:',
    others:
      'The backend is also behind other listeners or rules with another check; to ask about one of them, add {others}.',
    severalChecks: '{endpoint} has a check of its own in each of these; name one: {checks}',
    noRule: 'there is no rule {given}; there are {rules}',
    noRules: '--rule: there are no rules; name a listener of TCP or UDP by --listener',
    judge: 'Give what it prints to: {command}',
    judgeSaved:
      'Save a snapshot with clb-doctor diagnose … --save-snapshot FILE, and give what it prints to: clb-doctor guest-judge - --snapshot FILE',
    noKeys: '{why}; a saved snapshot needs no keys: clb-doctor guest-script --snapshot FILE <target>',
    windows:
      'Run each line in PowerShell as administrator on the machine of {endpoint}. A person reads what they print; guest-judge does not.',
    register:
      'Let an administrator read guest/probe.sh first. Put the cmd-… that this returns into CLB_DOCTOR_TAT_COMMAND.',
  },
  serve: {
    extra: 'there is an argument too many: "{extra}"; see --help',
    deaf: 'cannot listen on {host}:{port}: {why}',
    inUse: 'another process already listens there',
    forbidden: 'not permitted; ports below 1024 mostly need root',
    notHere: 'this machine does not have that address',
  },
  backup: {
    noFile: 'name the file to write, e.g. clb-doctor backup backup.db; see --help',
    done: 'the backup is in {file}',
  },
  incidents: {
    url: '--url must be the address of clb-doctor serve, such as {example}',
    limit: '--limit must be 1 to {most}',
    unknown: 'there is no incident {id}, or it is no longer kept; clb-doctor incidents lists those that are',
  },
  route: {
    oneClb:
      'name one CLB: clb-doctor route <lb-id | vip | domain | name | console address> [--region ap-guangzhou]',
  },
  guestJudge: {
    noInput:
      'name what came back: clb-doctor guest-judge <FILE | DIR | ->; see --help. clb-doctor guest-script prints what to run on the machine',
    missing:
      '{path} does not exist; name the file or folder with the output of the machine, or - to paste it',
    stdin: 'stdin',
    paste: 'paste the output of the machine, then press Ctrl-D',
    empty:
      '{path} is empty; save the whole output of the machine in it and try again. If the script printed nothing there, read its error: a part of it, or a copy with CRLF line ends, does not run, so print it with guest-script again and paste all of it',
    emptyFolder:
      '{path} has no .txt files; save the output of each command in a file of its own, such as ss.txt or iptables-save-c.txt',
    severalProbes: '{path} holds {count} outputs of the probe: give them one at a time',
    noProbe:
      '{path} holds no output of the probe (no line clb-doctor-probe) and no JSON of kubectl; save everything that the command of clb-doctor guest-script prints, or what {command} prints, or name a folder with one file per command',
    script:
      '{path} is the script to run on the machine, not its output; paste it on the machine, and give guest-judge what the machine prints',
    windows:
      '{path} is the output of PowerShell commands on Windows, which a person reads, not guest-judge: Get-NetTCPConnection needs a row with State Listen whose LocalAddress is not 127.0.0.1; a profile whose DefaultInboundAction is Block needs a rule that allows the port, and none that blocks it; TcpTestSucceeded must be True; StatusCode must be one that the health check expects',
    wrapped:
      'long lines in {path} were broken (terminals, mail and chats do that) and cannot be put together again, so nothing is concluded from them; let the machine write a file: add > out.txt to the end of the first line of the script, sh -s -- …, and fetch out.txt',
    noUtf8:
      '{path} is not UTF-8 text (it is full of NUL bytes, maybe UTF-16 without a BOM); in Windows PowerShell save it with | Out-File -Encoding utf8 out.txt in place of >',
    noJson:
      'the JSON in {path} is not whole (cut, or long lines were broken); write it into a file again: {command} > cluster.json',
    severalJson:
      '{path} holds more than one JSON document: give them one at a time, or ask for all objects at once: {command}',
    kubectlFailed:
      '{path} holds no JSON, only an error of kubectl ({line}); use a machine that reaches the cluster, or set KUBECONFIG, and once kubectl get nodes works run {command}',
    ofCheck:
      '--{option} is for the output of a machine; the JSON of kubectl holds no request of a health check',
    clusterRefusals: {
      'no-services':
        '{path} holds no Service; run kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json',
      'no-load-balancer':
        '{path} holds no Service of type LoadBalancer; name the NodePort of a node or the address of a pod by --target, for example 10.0.1.16:31080',
      'no-port':
        '--target names an address alone; for the output of kubectl name the port too, the NodePort of a node or the container port of a pod, for example 10.0.1.16:31080',
      'not-in-cluster':
        'no Service in {path} has this NodePort, and no pod this address and port; check --target',
      'not-of-clb':
        'no Service or Ingress in {path} uses the CLB of the snapshot; it may be of another cluster, or printed without -A',
    },
    unreadable:
      '{path} cannot be read ({why}); check its permissions, or run sudo cat {path} | clb-doctor guest-judge -',
    tooLong: 'stdin has more than 256 MB; save the output in a file, and only that of the probe',
    target: '--target must be an address and a port such as 10.0.1.16:80; "{given}" is not',
    source: '--source must be an address or a CIDR such as 100.64.0.0/10; "{given}" is not',
    path: '--path must begin with /',
    codes: '--codes must be status codes such as 2xx,3xx',
    timeout: '--timeout must be seconds, more than 0 and at most {most}',
    refusals: {
      'nothing-read':
        'nothing in {path} is known; the files of a folder are named by their command (ss.txt, iptables-save-c.txt, nft.txt, curl.txt …) and begin with $ and the command',
      'no-target': '{path} does not tell which address and port it is about; add --target 10.0.1.16:80',
      'no-port': '{path} does not tell which port it is about; add --target 10.0.1.16:80',
      'other-family': '--source and the target must both be IPv4 or both be IPv6',
      'not-in-snapshot':
        'the snapshot has no backend that {path} is about; name its address and port with --target',
      'not-probed':
        'the CLB of the snapshot does not probe the backend that {path} is about (check off, listener stopped, or not read)',
    },
  },
  sinks: {
    noAction: 'write clb-doctor sinks test [NAME]; see --help',
    nobody:
      'no receiver is configured: set CLB_DOCTOR_SINKS, or write receivers into clb-doctor.json (docs/routing.md)',
    unknown: 'there is no receiver "{name}"; there are {known}',
    unknownNear: 'there is no receiver "{name}"; did you mean "{meant}"? There are {known}',
  },
  scan: {
    noClb:
      'scan takes regions, not CLBs; for one CLB write clb-doctor diagnose <lb-id | vip | domain | name>',
    bothRegions: '--all-regions includes every --region; leave one of the two out',
    noRegion:
      'no region to scan: write --region ap-guangzhou (again for more) or --all-regions, or set TENCENTCLOUD_REGION',
    skipped: 'skipped, as CLB is not sold there:',
    listing: 'reading the lists of CLBs and their health …',
    hint: 'Ctrl-C stops and shows what is there',
  },
  demo: {
    oneScenario: 'name one scenario; clb-doctor demo --list shows them',
    noScenario: 'there is no scenario "{name}"; clb-doctor demo --list shows them',
    scenario: 'Scenario',
    group: 'The WeCom group receives:',
    calls: 'The simulated cloud answered {n} signed API calls for it.',
    kept: 'The simulated cloud and WeCom group stay up. In another shell, these make diagnose and serve talk to them:',
    until: 'What is sent to the group appears here; Ctrl-C ends it.',
    lost: 'no message was delivered',
    next: 'Other scenarios: npm run demo -- --list',
  },
} as const satisfies Translation<typeof zhCN>
