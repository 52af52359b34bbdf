// cloud/ calls the Tencent Cloud API: signing, one transport, rate, retry, paging, batching, and the check of answers.
// snapshot/ calls it to read, app/ to open a session, both through this file only. It interprets answers only to
// recognise errors. It may not know what a fact is for.

export type { Action, RequestOf, ResponseOf } from './actions.ts'
export type { CallOptions, CloudSession, Kind, Reading } from './cloud.ts'
export { CloudError, type CloudProblem, CredentialsError, readFailure } from './errors.ts'
export { readFact } from './fact.ts'
export { INCOMPLETE_LIST, readAll } from './paging.ts'
export { type Cloud, createCloud } from './session.ts'
