import { informsOnly } from './actions/index.ts'
import type { Gap } from './diagnosis.ts'

/** A lookup failed on which a finding could rest. */
export const isUnread = ({ action = '', errorCode }: Pick<Gap, 'action' | 'errorCode'>): boolean =>
  errorCode !== undefined && !informsOnly(action)
