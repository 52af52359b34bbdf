import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  checkVpc: ' Check --vpc too.',
  otherVpc: '--vpc: {id} is in {vpcId}, not in {asked}',
  scan: {
    skipped: 'skipped, as CLB is not sold there:',
    listing: 'reading the lists of CLBs and their health …',
    hint: 'Ctrl-C stops and shows what is there',
  },
  demo: {
    scenario: 'Scenario',
    group: 'The WeCom group receives:',
    calls: 'The simulated cloud answered {n} signed API calls for it.',
    kept: 'The simulated cloud and WeCom group stay up. In another shell, these make diagnose and serve talk to them:',
    until: 'What is sent to the group appears here; Ctrl-C ends it.',
    lost: 'no message was delivered',
    next: 'Other scenarios: npm run demo -- --list',
  },
} as const satisfies Translation<typeof zhCN>
