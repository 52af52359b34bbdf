import { type Fact, ok, unread } from '../model/fact.ts'
import { CloudError, CredentialsError, readFailure } from './errors.ts'

/** An answer or why there is none. Rejected credentials and programming errors are no facts: they are thrown on. */
export async function readFact<T>(reading: Promise<T>): Promise<Fact<T>> {
  try {
    return ok(await reading)
  } catch (error) {
    if (error instanceof CloudError && !(error instanceof CredentialsError)) return unread(readFailure(error))
    throw error
  }
}
