import type { Translation } from '../text/index.ts'
import type { zhCN } from './zh-CN.ts'

export const en = {
  empty: 'There is no CLB in {regions}.',
  blind: 'Cannot tell: the list of CLBs could not be read in any region ({regions}).',
  checked: '{found|1 CLB|# CLBs}',
  'checked-part': '{examined} of {found|1 CLB|# CLBs} examined',
  down: '{count} down',
  degraded: '{count} degraded',
  unserved: '{count} with no backend that takes requests',
  inconclusive: '{count} inconclusive',
  healthy: '{count} healthy',
  nothingToCheck: '{count} with nothing to check',
  deleted: 'Deleted meanwhile: {count}.',
  atRisk: ' ({count} of them at risk)',
  unread: 'Not everything could be read, so latent faults may be missing.',
  regions: 'Regions that could not be read: {regions}.',
  guessed:
    'The regions of the account could not be read and a built-in list was used; a newer region may be missing.',
  interrupted: 'Interrupted: this is a part of the result.',
  'out-of-time': 'Timed out: this is a part of the result.',
  unsupported: 'CLB is not sold in this region',
  disowned: 'the platform lists it, and its API answers that there is no such region ({code})',
  'no-such-region': 'no such region, or CLB is not sold there ({code}); check its name',
  cut: 'the scan was interrupted before it was read',
  list: 'the list of CLBs',
  defect: '{clb}: cannot tell, clb-doctor itself failed ({detail}). Please report it with the log.',
} as const satisfies Translation<typeof zhCN>
