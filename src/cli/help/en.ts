import type { Translation } from '../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  general: `clb-doctor: why does the health check of a Tencent Cloud CLB fail, and what to change?

  clb-doctor diagnose <lb-id | vip | domain | name | console address>
                                                  diagnoses one CLB
  clb-doctor scan [--region R]… [--all-regions]   every CLB, latent faults included
  clb-doctor serve [--host H] [--port P]          takes alarms, tells the receivers
  clb-doctor backup FILE                          copies the store of serve, also while it runs
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
  backup: `clb-doctor backup: copies the store of serve (CLB_DOCTOR_DATA) into one file, also while serve runs.

  clb-doctor backup FILE

Example:
  clb-doctor backup clb-doctor-$(date +%F).db

To restore it, stop serve, empty the folder and put the file there as store.db.
Exit status: 0 done, 2 the call is wrong or the backup could not be made.
`,
} as const satisfies Translation<typeof zhCN>
