import type { Gap, TargetKey } from '../../model/diagnosis.ts'
import { endpointOf } from '../../model/endpoint.ts'
import type { ReadFailure } from '../../model/fact.ts'
import type { Language } from '../../model/language.ts'
import { type Paths, publicReachOf } from '../../path/index.ts'
import { t } from '../../text/index.ts'
import { problemText } from './failures.ts'
import { TEXTS } from './texts.ts'

const ACTION = 'vpc:DescribeNetworkAccountType'

/**
 * Dead machines behind a public CLB that no certain or likely cause explains, and it was not read whether they need
 * public bandwidth, or have it.
 */
export function accountGaps(
  paths: Paths,
  explained: ReadonlySet<TargetKey>,
  language: Language,
): readonly Gap[] {
  const open = paths.pools
    .flatMap(({ targets }) => targets)
    .filter(({ status, key }) => status === 'Dead' && !explained.has(key))
  const { account, bandwidth } = TEXTS.gaps
  const gapOf = (reach: string, make: (targets: readonly string[]) => Gap): readonly Gap[] => {
    const own = open.filter((target) => publicReachOf(target, paths) === reach)
    return own.length > 0 ? [make(own.map(endpointOf))] : []
  }
  const fact = paths.snapshot.accountType
  const failure = fact && fact.state !== 'ok' ? fact.failure : null
  return [
    ...gapOf('account-unread', (targets) => ({
      what: t(account.what, { count: targets.length, targets }, language),
      why: t(account.why, { why: whyUnread(failure, language) }, language),
      action: ACTION,
      ...(failure ? { errorCode: failure.code } : {}),
      ...(failure?.problem === 'denied' ? { grant: ACTION } : {}),
    })),
    ...gapOf('bandwidth-unread', (targets) => ({
      what: t(bandwidth.what, { count: targets.length, targets }, language),
      why: t(bandwidth.why, {}, language),
      action: 'cvm:DescribeInstances',
    })),
  ]
}

const whyUnread = (failure: ReadFailure | null, language: Language): string =>
  failure ? problemText(failure, language) : TEXTS.gaps.account.unasked[language]
