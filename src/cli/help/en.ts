import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  general: `clb-doctor: why does the health check of a Tencent Cloud CLB fail, and what to change?

  clb-doctor diagnose <lb-id | vip | domain | name | console address>
                                                  diagnoses one CLB
  clb-doctor guest-script <lb-id> <target>        the read-only probe, ready to paste
  clb-doctor scan [--region R]… [--all-regions]   every CLB, latent faults included
  clb-doctor serve [--host H] [--port P]          takes alarms, tells the receivers
  clb-doctor incidents [ID] [--open]              what happened, and who was told
  clb-doctor route <lb-id | vip | …>              who would be told, by which route, and why
  clb-doctor sinks test [NAME]                    a harmless message to each receiver
  clb-doctor backup FILE                          copies the store of serve, also while it runs
  clb-doctor guest-judge <FILE | DIR | ->         what the probes meet on a machine, from its output
  clb-doctor demo [scenario]                      a demonstration without an account
  clb-doctor <command> --help                     its options, with examples
  clb-doctor -v, --version | -h, --help

Exit status: 0 healthy, 1 something is wrong and was diagnosed (backends are Dead, or nothing is
served), 2 the call or the configuration is wrong, 3 inconclusive, or the result could not be
written. Language: --lang, else CLB_DOCTOR_LANG, else LANG on a terminal.
Environment: TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY, TENCENTCLOUD_REGION … see
docs/configuration.md.
`,
  diagnose: `clb-doctor diagnose: diagnoses one CLB, or a saved snapshot.

  clb-doctor diagnose <lb-id | vip | domain | name | console address> [options]
  clb-doctor diagnose --snapshot FILE [options]

  --region R            such as ap-guangzhou or gz; default TENCENTCLOUD_REGION
  --vpc vpc-…           chooses the CLB if several have the same private VIP
  --listener lbl-…      this listener only
  --in-guest            look inside the machines of failing backends: TAT runs the registered
                        read-only script (CLB_DOCTOR_TAT_COMMAND); see docs/in-guest.md
  --run-command         with --in-guest: send the script along (needs tat:RunCommand)
  --probe-network       send ICMP packets from the SNAT IPs' subnet to failing backends of an IDC
  --format F            text (default), json, markdown or html
  --lang L              zh-CN or en
  --output FILE         writes the result to the file instead of stdout
  --save-snapshot FILE  saves what was read, without credentials
  --snapshot FILE       diagnoses a saved snapshot; needs no credentials and calls no API

Examples:
  clb-doctor diagnose lb-7dpmqwcu --region ap-guangzhou
  clb-doctor diagnose 203.0.113.26 --format html --output report.html

Exit status: 0 healthy, 1 something is wrong and was diagnosed, 2 the call or the configuration is
wrong, 3 inconclusive, or the result could not be written.
`,
  'guest-script': `clb-doctor guest-script: prints the read-only probe, ready to paste into a backend. Needs no permission.

  clb-doctor guest-script <lb-id | vip | domain | name | console address> <ip:port | ins-…> [options]
  clb-doctor guest-script --snapshot FILE <ip:port | ins-…> [options]
  clb-doctor guest-script --register [--region R]

  --region R        such as ap-guangzhou or gz; default TENCENTCLOUD_REGION
  --vpc vpc-…       chooses the CLB if several have the same private VIP
  --listener lbl-…  asks about the check of this one, if several listeners have the backend
  --rule R          the same for a forwarding rule: loc-…, or domain and path: shop.example.com/cart
  --snapshot FILE   takes the check from a saved snapshot; needs no credentials
  --windows         a Windows backend: PowerShell commands, whose output a person reads
  --register        prints tccli tat CreateCommand, which registers the script for --in-guest
  --lang L          zh-CN or en

Examples:
  clb-doctor guest-script lb-7dpmqwcu 10.0.1.16:8080 --region ap-guangzhou
  clb-doctor guest-script lb-7dpmqwcu ins-a1b2c3d4 > probe.sh

stdout has the script alone, stderr says what to do with it. docs/guest.md says what it reads.
Exit status: 0 printed, 2 the call or the configuration is wrong, 3 what was needed could not be read.
`,
  scan: `clb-doctor scan: diagnoses every CLB of the regions, latent faults included.

  clb-doctor scan [options]

  --region R       may be repeated; default TENCENTCLOUD_REGION
  --all-regions    every region
  --format F       text (default), json or html
  --lang L         zh-CN or en
  --output FILE    writes the result to the file instead of stdout

Examples:
  clb-doctor scan --region ap-guangzhou --region ap-shanghai
  clb-doctor scan --all-regions --format html --output fleet.html

Ctrl-C stops the reading and shows what is known so far; a second one ends at once.
Exit status: 0 all healthy, 1 at least one CLB has trouble, 2 the call or the configuration is
wrong, 3 something is inconclusive or could not be read, or the result could not be written.
`,
  serve: `clb-doctor serve: takes alarms (POST /alarms) and tells the receivers; has the API for diagnoses.

  clb-doctor serve [options]

  --host H   the address to listen on, default 0.0.0.0
  --port P   default 9000

Examples:
  clb-doctor serve
  clb-doctor serve --host 127.0.0.1 --port 9100

CLB_DOCTOR_SINKS names the receivers. Without CLB_DOCTOR_ALARM_TOKEN, alarms are accepted from
loopback only. The language is that of CLB_DOCTOR_LANG. After SIGTERM it finishes what it took.
Exit status: 0 stopped, 2 the call or the configuration is wrong, or it cannot listen.
`,
  demo: `clb-doctor demo: sends an alarm in a simulated cloud and shows what the WeCom group receives.

  clb-doctor demo [scenario] [options]

  --list      lists the scenarios
  --lang L    zh-CN or en
  --keep      keeps the simulated cloud up, so that diagnose and serve can talk to it
  --verbose   writes the log of the server to stderr

Examples:
  clb-doctor demo
  clb-doctor demo acl-denies-reply --lang en

On a terminal the message is shown with its colours. Piped, stdout is the message as delivered.
Exit status: 0 the message was delivered, 2 the call is wrong, 3 it was not delivered.
`,
  incidents: `clb-doctor incidents: lists incidents, or shows what happened in one.

  clb-doctor incidents [ID] [options]

  --open       leaves out closed ones
  --limit N    the most to list, 1 to 200, default 50
  --before ID  those that are older than this incident
  --format F   text (default) or json
  --url URL    asks the clb-doctor serve at this address
  --lang L     zh-CN or en

Examples:
  clb-doctor incidents --open
  clb-doctor incidents in-0123456789abcdef --url http://10.0.0.5:9000

Without --url: if CLB_DOCTOR_REDIS_URL is set, it reads Redis, else the folder CLB_DOCTOR_DATA. If
serve has that folder, it asks that serve, whose address is in the folder. To serve it shows
CLB_DOCTOR_API_TOKEN.
Exit status: 0 listed, 2 the call or the configuration is wrong, or there is no such incident, 3 it
could not be read.
`,
  route: `clb-doctor route: who would be told of a CLB as it is now, by which route, and why.

  clb-doctor route <lb-id | vip | domain | name | console address> [options]

  --region R          such as ap-guangzhou or gz; default TENCENTCLOUD_REGION
  --vpc vpc-…         chooses the CLB if several have the same private VIP
  --source S          alarm (default), or scan: the message of a timer's scan that finds this CLB
  --policy NAME       the alarm policy that would fire
  --format F          text (default) or json
  --lang L            zh-CN or en

Examples:
  clb-doctor route lb-7dpmqwcu
  clb-doctor route 203.0.113.26 --policy clb-health --format json

It diagnoses the CLB and sends nothing. docs/routing.md explains the routes of clb-doctor.json.
A route that asks for a fact that could not be read may match: its receivers count, too.
Exit status: 0 answered, 2 the call or the configuration is wrong, 3 a fact that a route asks for
could not be read, or the credentials do not work.
`,
  'guest-judge': `clb-doctor guest-judge: what the probes meet on a machine, from what came back from it.

  clb-doctor guest-judge <FILE | DIR | -> [options]

  FILE or -        the output of clb-doctor guest-script on the machine
                   or what kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json printed
  DIR              outputs of usual commands, a file each: ss.txt, iptables-save-c.txt, nft.txt …
  --target A       the backend that was looked at, such as 10.0.1.16:80; a ping needs no port
  --source CIDR    may be repeated
  --check C        http, https, tcp or ping
  --path P         such as /healthz
  --host H         the Host header of the health check
  --method M       GET or HEAD
  --codes LIST     status codes that count as healthy, such as 2xx,3xx
  --timeout S      seconds
  --snapshot FILE  takes check and sources from a snapshot of diagnose --save-snapshot
  --format F       text (default) or json
  --lang L         zh-CN or en

An option that you leave out has the value that the script was told. The outputs in a folder do not tell
it: then http, GET /, 1xx,2xx,3xx,4xx, 5 s, and probes from 100.64.0.0/10.

Examples:
  clb-doctor guest-judge probe.txt
  clb-doctor guest-judge outputs/ --source 100.64.0.0/10 --codes 2xx,3xx --format json
  kubectl get svc,ingress,ep,endpointslices,po,no,ds -A -o json | clb-doctor guest-judge -

It needs no credentials and calls nothing. docs/guest-judge.md lists the files of a folder.
Exit status: 0 every probe gets through, 1 some are stopped, 2 the call or the input is wrong, 3 for
some it cannot be told.
`,
  sinks: `clb-doctor sinks test: sends a harmless message to each receiver and shows what each answered.

  clb-doctor sinks test [NAME] [options]

  NAME        one receiver: its name in clb-doctor.json, or its kind and position in
              CLB_DOCTOR_SINKS (wecom-1). Without it, every receiver
  --lang L    zh-CN or en: the language of the answers, not of the messages

Examples:
  clb-doctor sinks test
  clb-doctor sinks test oncall

Nobody is mentioned, and no credentials are needed. A message that fails is not sent again. Of
Jira, GitHub and TAPD it looks whether tickets can be made, and makes none.
Exit status: 0 every receiver took it, 1 one did not, 2 the call or the configuration is wrong, or
there is no such receiver.
`,
  backup: `clb-doctor backup: copies the store of serve (CLB_DOCTOR_DATA) into one file, also while serve runs.

  clb-doctor backup FILE

Example:
  clb-doctor backup clb-doctor-$(date +%F).db

To restore it, stop serve, empty the folder and put the file there as store.db.
Exit status: 0 done, 2 the call is wrong or the backup could not be made.
`,
} as const satisfies Translation<typeof zhCN>
