import { describe, expect, it } from 'vitest'
import { CloudError, CredentialsError, readFailure } from '../../src/cloud/errors.ts'
import { readFact } from '../../src/cloud/fact.ts'
import { cloudAt, failureOf, failWith, GUANGZHOU, never, startApi, status } from './api.ts'
import { steppingClock } from './clocks.ts'

const request = { LoadBalancerId: 'lb-1' }

describe('an error of the API', () => {
  // The codes of platform facts H.
  it.each([
    ['UnauthorizedOperation', 'denied', 1],
    ['UnauthorizedOperation.CamNoAuth', 'denied', 1],
    ['UnauthorizedOperation.MFANotFound', 'denied', 1],
    ['AuthFailure.UnauthorizedOperation', 'denied', 1],
    ['RequestLimitExceeded', 'throttled', 4],
    ['RequestLimitExceeded.UinLimitExceeded', 'throttled', 4],
    ['AuthFailure.RequestLimitExceeded', 'throttled', 4],
    ['InternalError', 'unavailable', 4],
    ['InternalError.DbError', 'unavailable', 4],
    ['InternalServerError', 'unavailable', 4],
    ['ServiceUnavailable', 'unavailable', 4],
    ['InternalError.ClusterNotFound', 'not-found', 1],
    ['ResourceNotFound', 'not-found', 1],
    ['ResourceNotFound.SecurityGroup', 'not-found', 1],
    ['InvalidParameter.LBIdNotFound', 'not-found', 1],
    ['InvalidInstanceId.NotFound', 'not-found', 1],
    ['InvalidInstanceId.Malformed', 'not-found', 1],
    ['InvalidParameterValue.InstanceIdNotFound', 'not-found', 1],
    ['InvalidParameter', 'rejected', 1],
    ['InvalidParameterValue.Length', 'rejected', 1],
    ['LimitExceeded.FilterValueExceeded', 'rejected', 1],
    ['UnsupportedOperation', 'rejected', 1],
    ['UnsupportedRegion', 'rejected', 1],
    ['IpNotInWhitelist', 'rejected', 1],
    ['OperationDenied', 'rejected', 1],
    ['ACodeOfTomorrow', 'rejected', 1],
  ])('%s is %s, after %i requests', async (code, problem, requests) => {
    await using api = await startApi(failWith(code, 'as the API says'))
    using cloud = cloudAt(api.origin, { clock: steppingClock() })
    const error = await failureOf(cloud.session(never()).call('clb:DescribeTargets', request, GUANGZHOU))
    expect(error).toMatchObject({ problem, code, action: 'clb:DescribeTargets', message: 'as the API says' })
    expect(error).toBeInstanceOf(CloudError)
    expect(error).not.toBeInstanceOf(CredentialsError)
    expect(api.seen).toHaveLength(requests)
  })

  it.each([
    ['AuthFailure.SecretIdNotFound', 'unknown-id'],
    ['AuthFailure.InvalidSecretId', 'unknown-id'],
    ['AuthFailure.SignatureFailure', 'bad-signature'],
    ['AuthFailure.SignatureExpire', 'clock-skew'],
    ['AuthFailure.TokenFailure', 'token'],
    ['AuthFailure.MFAFailure', 'other'],
    ['AuthFailure', 'other'],
  ])('%s rejects the credentials: %s', async (code, fault) => {
    await using api = await startApi(failWith(code))
    using cloud = cloudAt(api.origin, { clock: steppingClock() })
    const error = await failureOf(cloud.session(never()).call('clb:DescribeTargets', request, GUANGZHOU))
    expect(error).toBeInstanceOf(CredentialsError)
    expect(error).toMatchObject({ problem: 'credentials', code, fault })
    expect(api.seen).toHaveLength(1)
  })

  it('has a message of at most 200 whole characters', async () => {
    await using api = await startApi(failWith('InvalidParameter', '𝄞'.repeat(5_000)))
    using cloud = cloudAt(api.origin)
    const call = cloud.session(never()).call('clb:DescribeTargets', request, GUANGZHOU)
    expect((await failureOf(call)) as Error).toHaveProperty('message', '𝄞'.repeat(200))
  })
})

describe('an HTTP status', () => {
  it.each([
    [500, 4],
    [502, 4],
    [503, 4],
    [429, 4],
    [400, 1],
    [403, 1],
    [407, 1],
    [204, 1],
  ])('%i is unavailable, after %i requests', async (code, requests) => {
    await using api = await startApi(status(code, ''))
    using cloud = cloudAt(api.origin, { clock: steppingClock() })
    const error = await failureOf(cloud.session(never()).call('clb:DescribeTargets', request, GUANGZHOU))
    expect(error).toMatchObject({ problem: 'unavailable', code: `Http${code}` })
    expect(api.seen).toHaveLength(requests)
  })
})

describe('a programming error', () => {
  it('is thrown unchanged and does not become a fact', async () => {
    const bug = new TypeError('x is not a function')
    const transport = { send: () => Promise.reject(bug), dropIdle() {}, close() {} }
    using cloud = cloudAt('http://127.0.0.1:9', { transport })
    expect(await failureOf(cloud.session(never()).call('clb:DescribeTargets', request, GUANGZHOU))).toBe(bug)
    expect(await failureOf(readFact(Promise.reject(bug)))).toBe(bug)
  })
})

describe('a fact', () => {
  const failed = (problem: ConstructorParameters<typeof CloudError>[0]) =>
    Promise.reject(new CloudError(problem, 'vpc:DescribeSubnets', 'Code', 'words'))

  it('has the answer as its value', async () => {
    expect(await readFact(Promise.resolve(7))).toEqual({ state: 'ok', value: 7 })
  })

  it('that CAM refuses is denied and names the action to grant', async () => {
    expect(await readFact(failed('denied'))).toEqual({
      state: 'denied',
      failure: { problem: 'denied', action: 'vpc:DescribeSubnets', code: 'Code', message: 'words' },
    })
  })

  it.each(['not-found', 'throttled', 'unavailable', 'malformed', 'deadline', 'rejected'] as const)(
    'is failed if the call ends as %s',
    async (problem) => {
      expect(await readFact(failed(problem))).toMatchObject({ state: 'failed', failure: { problem } })
    },
  )

  it('is not made from rejected credentials: their error is thrown', async () => {
    const error = new CredentialsError('vpc:DescribeSubnets', 'AuthFailure.TokenFailure', 'words')
    expect(await failureOf(readFact(Promise.reject(error)))).toBe(error)
    expect(readFailure(error).problem).toBe('rejected')
  })
})
