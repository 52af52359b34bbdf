import { CloudError } from '../cloud/index.ts'
import type { Config } from './config.ts'

// Calls of the API that serve clb-doctor itself and no diagnosis.

/** Where no region is set: these calls are about the account. */
const DEFAULT_REGION = 'ap-guangzhou'

export const ownRegion = ({ region }: Pick<Config, 'region'>): string => region ?? DEFAULT_REGION

/** The role of this process lacks a permission, which somebody may grant. */
export const isDenied = (error: unknown): boolean => error instanceof CloudError && error.problem === 'denied'

/** There was no answer in time, or none that a further attempt could better. */
export const isLate = (error: unknown): boolean => error instanceof CloudError && error.problem === 'deadline'
