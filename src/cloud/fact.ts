import { type Fact, ok, unread } from '../model/fact.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/**
 * Turns an answer or a failed call into a fact. Rejected credentials and programming errors are thrown, because they
 * are not facts.
 */
export async function readFact<T>(reading: Promise<T>): Promise<Fact<T>> {
  try {
    return ok(await reading)
  } catch (error) {
    if (error instanceof CloudError && !(error instanceof CredentialsError)) return unread(readFailure(error))
    throw error
  }
}
