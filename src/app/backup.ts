import { backupFolder } from '../store/embedded/index.ts'
import { StoreError } from '../store/index.ts'
import { inEachLanguage } from '../text/index.ts'
import { type Environment, storePlaceFrom } from './config.ts'
import { ConfigError } from './config-error.ts'
import { TEXTS } from './texts.ts'

/**
 * Copies the store of `serve` into a new file, also while it runs.
 * @throws ConfigError with one line that says why not
 */
export async function backUpStore(env: Environment, file: string): Promise<void> {
  const { redis, dataFolder } = storePlaceFrom(env)
  if (redis !== null) throw new ConfigError('CLB_DOCTOR_REDIS_URL', TEXTS.variables.noBackup)
  try {
    await backupFolder(dataFolder, file)
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const text = inEachLanguage((language) => error.inLanguage(language))
    throw new ConfigError('CLB_DOCTOR_DATA', text, { cause: error })
  }
}
