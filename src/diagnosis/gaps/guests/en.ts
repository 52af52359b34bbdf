import type { Translation } from '../../../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  what: 'what {count|this backend|these # backends} look{count|s|} like from inside: {targets}',
  why: {
    AgentNotInstalled:
      'the machine has no TAT agent; the console says how to install it (TAT > Instances), or run the probe on the machine by hand',
    AgentOffline:
      'the TAT agent is offline; run systemctl restart tat_agent on the machine, or run the probe there by hand',
    Windows:
      'the machine runs Windows, and the probe runs on Linux only; run the PowerShell commands of guest-script on the machine',
    CommandMissing:
      'the region has no command with the id of CLB_DOCTOR_TAT_COMMAND; commands belong to a region, so run what guest-script --register prints in that region',
    CommandDiffers:
      'the registered command is not the probe of this version, so it was not run; run what guest-script --register prints, and set CLB_DOCTOR_TAT_COMMAND to the new id',
    InPod:
      'the backend is a pod whose node is not known or does not forward to it (a pod with an interface of its own, a super node), and TAT does not reach into pods; use the kubectl commands of guest-script',
    NotAMachine: 'no instance was found that has the address, so TAT cannot run anything there',
    NoTime: 'the time left was too short for the probe; diagnose again with clb-doctor diagnose --in-guest',
    NotInTime:
      'the probe did not end in the time allowed (state of the task: {state}); diagnose again, or run it on the machine by hand',
    LeftOut: 'of backends that look alike at most 3 are looked at, and of all at most 40, so these were not',
    OtherOutput:
      'what came back is not the output of the probe; run it on the machine by hand, and see whether a login script (/etc/profile) ends it',
    Task: 'the TAT task did not succeed: {state}',
    api: '{problem}',
  },
  states: {
    DELIVER_FAILED: 'it could not be delivered (DELIVER_FAILED): is the agent online',
    START_FAILED: 'the script did not start (START_FAILED): is the disk full, can /tmp be written',
    FAILED: 'the script ended with an error (FAILED)',
    TIMEOUT: 'the script ran too long and was ended (TIMEOUT)',
    TASK_TIMEOUT: 'the agent did not respond (TASK_TIMEOUT)',
    CANCELLED: 'somebody cancelled it (CANCELLED)',
    TERMINATED: 'somebody ended it (TERMINATED)',
    other: '{state}',
  },
  cut: {
    what: 'a part of the output of {count|this machine|these # machines}: {targets}',
    why: 'it was longer than the 24 KB that TAT keeps, and {bytes} bytes at the end were cut off; rules in them count as not known. Run the probe by hand to see all of it',
  },
  policy: 'attach docs/cam-policy-guest.json, with the id of CLB_DOCTOR_TAT_COMMAND in place of cmd-xxxxxxxx',
  eitherPolicy:
    'attach docs/cam-policy-guest.json, with the id of CLB_DOCTOR_TAT_COMMAND in place of cmd-xxxxxxxx; with --run-command attach docs/cam-policy-run-command.json instead',
  runPolicy:
    'attach docs/cam-policy-run-command.json, or better register the probe and leave out --run-command',
} as const satisfies Translation<typeof zhCN>
