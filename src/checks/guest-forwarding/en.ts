import type { Translation } from '../../text/index.ts'
import { en as shared } from '../en.ts'
import type { zhCN } from './zh-CN.ts'

const { looked } = shared.guest

export const en = {
  reasons: {
    'ip-forward-off': {
      title: 'IP forwarding is off on {which}, so probes do not get to the pods',
      quote: '{by}',
      detail: `The node has to forward this port to pods, and {settings} is 0. The kernel forwards nothing, and CLB sees a time-out.${looked}{common}{list}{doubt}`,
      fix: 'Turn forwarding on, also in a file that keeps it over a restart. Then find out what turned it off (a hardening baseline, another sysctl file), or it will be turned off again',
    },
    'interface-forwarding-off': {
      title: 'An interface of {which} does not forward, so probes do not get to the pods',
      quote: '{by}',
      detail: `Forwarding is off at an interface that the packets pass ({settings}). The kernel does not forward them, and CLB sees a time-out.${looked}{common}{list}{doubt}`,
      fix: 'Turn forwarding on for these interfaces, also in a file that keeps it over a restart. Then find out what turned it off, or it will be turned off again',
    },
    'forward-policy-drop': {
      title: 'The chain FORWARD of {which} drops by default, and no rule lets the probes through to the pods',
      quote: '{by}',
      detail: `Packets to the pods meet no rule that accepts them, so the policy of FORWARD drops them, and CLB sees a time-out.${looked}{common}{list}{doubt}`,
      fix: 'Set the policy of FORWARD to ACCEPT: the node then forwards everything that no other rule denies, and that includes the traffic of clients. Docker and others may set it to DROP again when they start, so change their settings, too. Save the rules to keep it over a restart',
    },
    'forward-foreign-rule': {
      title: 'A FORWARD rule on {which} that is not of Kubernetes drops the probes',
      quote: '{by}',
      detail: `On the way to the pods, probes from {from} meet this rule, which drops or rejects them.${looked}{common}{list}{doubt}`,
      fix: 'Find out which program made the rule, and let traffic to the pods through in its settings. To mend the health check first, let its sources in before that rule; clients need a rule of their own',
    },
  },
} as const satisfies Translation<typeof zhCN>
