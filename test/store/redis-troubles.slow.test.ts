import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { generate } from 'selfsigned'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/model/clock.ts'
import type { Log } from '../../src/model/log.ts'
import { parseRedisAddress, type RedisAddress, type Store, StoreError } from '../../src/store/index.ts'
import { createSharedLookQueue } from '../../src/store/looks/shared.ts'
import { openRedis } from '../../src/store/redis/index.ts'
import { bundled, startChild } from '../support/child.ts'
import { freePort, startRedis, type TestRedis } from '../support/redis.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})
const started = async (...settings: string[]): Promise<TestRedis> => {
  const redis = await startRedis(...settings)
  open.push(redis)
  return redis
}
const lines: string[] = []
const note = (message: string, fields?: unknown): void => {
  lines.push(`${message} ${JSON.stringify(fields ?? {})}`)
}
const log: Log = { info: note, warn: note, error: note }
const logged = (): string => lines.splice(0).join('\n')

const connect = async (address: RedisAddress, patienceMs = 500): Promise<Store> => {
  const store = await openRedis(address, { log, patienceMs })
  open.push(store)
  return store
}
const put = (id: string, value = '{}', at = 0) => ({ collection: 'alarms', id, value, at })
const failureOf = async (work: Promise<unknown>): Promise<StoreError> => {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (failure instanceof StoreError) return failure
  throw new Error(`a StoreError was expected, not ${String(failure)}`)
}
const oneLineIn = (failure: StoreError): void => {
  for (const language of ['en', 'zh-CN'] as const)
    expect(failure.inLanguage(language)).toMatch(/^(?!.*\{\w+\}).{20,400}$/)
}
/** The first call that works again. */
const untilBack = async (store: Store): Promise<void> => {
  for (let i = 0; i < 40; i++) {
    if (await store.count('alarms').then(Boolean, () => false)) return
    await delay(50)
  }
  throw new Error('the store did not come back')
}

describe('a Redis that goes away', () => {
  it('makes calls fail within about two seconds, and they work again when it is back', async () => {
    const redis = await started()
    const store = await connect(redis.address)
    await store.write({ put: [put('before')] })
    await redis.down()
    const begun = Date.now()
    const failures = await Promise.all([
      failureOf(store.write({ put: [put('lost')] })),
      failureOf(store.read([{ collection: 'alarms', id: 'before' }])),
      failureOf(store.list('alarms', { limit: 1 })),
      failureOf(store.count('alarms')),
      failureOf(store.claim('a', 'b', 1_000)),
      failureOf(store.release('a', 'b')),
    ])
    expect(Date.now() - begun).toBeLessThan(3_000)
    for (const failure of failures) {
      expect(failure.kind).toBe('unavailable')
      oneLineIn(failure)
    }
    await redis.up()
    await untilBack(store)
    // A call that was refused is not made later behind the caller's back.
    expect((await store.list('alarms', { limit: 9 })).map(({ id }) => id)).toEqual(['before'])
    expect(await store.write({ put: [put('after')] })).toBe(true)
    expect(logged()).toMatch(/Redis is away.*\n.*Redis is back/)
  })

  it('and is killed while 64 writers write loses nothing that it accepted', async () => {
    const redis = await started()
    const store = await connect(redis.address)
    const accepted: string[] = []
    let next = 0
    let isOver = false
    const write = async (): Promise<void> => {
      while (!isOver) {
        const id = `r${next++}`
        await store.write({ put: [put(id)] }).then(
          () => accepted.push(id),
          () => delay(50),
        )
      }
    }
    const writers = Promise.all(Array.from({ length: 64 }, write))
    for (let round = 0; round < 3; round++) {
      const count = accepted.length
      while (accepted.length < count + 500) await delay(10)
      await redis.restart()
    }
    const count = accepted.length
    while (accepted.length < count + 100) await delay(10)
    isOver = true
    await writers
    const kept = new Map(
      (await store.list('alarms', { limit: 1_000_000 })).map((one) => [one.id, one.version]),
    )
    expect(accepted.filter((id) => !kept.has(id))).toEqual([])
    expect(new Set(kept.values()).size).toBe(kept.size)
    expect(await store.count('alarms')).toBe(kept.size)
  })

  it('by hanging makes calls fail, and gets a new connection', async () => {
    const redis = await started()
    const store = await connect(redis.address)
    await store.write({ put: [put('before')] })
    redis.signal('SIGSTOP')
    const begun = Date.now()
    expect((await failureOf(store.count('alarms'))).message).toContain('no answer in time')
    expect(Date.now() - begun).toBeLessThan(3_000)
    redis.signal('SIGCONT')
    await untilBack(store)
    logged()
  })

  it('before the start is waited for', async () => {
    const redis = await started()
    await redis.down()
    const opening = connect(redis.address, 8_000)
    await delay(300)
    await redis.up()
    expect((await opening).kind).toBe('shared')
    logged()
  })
})

describe('a Redis that cannot be used', () => {
  it('because nobody listens is named with host and port', async () => {
    const address = parseRedisAddress(`redis://user:pa55word@127.0.0.1:${await freePort()}/3`)
    if (!address) throw new Error('no address')
    const failure = await failureOf(connect(address))
    expect(failure.kind).toBe('unavailable')
    expect(failure.message).toMatch(/127\.0\.0\.1:\d+ is not available \(connect ECONNREFUSED/)
    oneLineIn(failure)
    expect(`${failure.message}${failure.stack}${JSON.stringify(failure)}${logged()}`).not.toContain(
      'pa55word',
    )
  })

  it.each([
    ['a wrong password', (url: string) => url.replace('//', '//:wr0ngword@'), /WRONGPASS/],
    ['no password', (url: string) => url, /NOAUTH/],
    ['a wrong user', (url: string) => url.replace('//', '//nobody:wr0ngword@'), /WRONGPASS/],
  ])('because of %s fails at once', async (_, changed, why) => {
    const redis = await started('--requirepass', 'r1ghtword')
    const address = parseRedisAddress(changed(redis.url))
    if (!address) throw new Error('no address')
    const begun = Date.now()
    const failure = await failureOf(connect(address, 20_000))
    expect(Date.now() - begun).toBeLessThan(5_000)
    expect(failure.message).toMatch(why)
    oneLineIn(failure)
    const everything = `${failure.message}${failure.stack}${String(failure.cause)}${logged()}`
    expect(everything).not.toMatch(/wr0ngword|r1ghtword/)
  })

  it('because it has no such database does not use another one', async () => {
    const redis = await started()
    const failure = await failureOf(connect({ ...redis.address, db: 99 }, 20_000))
    expect(failure.message).toContain('DB index is out of range')
    oneLineIn(failure)
    expect(redis.cli('dbsize')).toBe('0')
    logged()
  })

  it('because it speaks no TLS says so', async () => {
    const redis = await started()
    const failure = await failureOf(connect({ ...redis.address, tls: true }))
    expect(failure.kind).toBe('unavailable')
    oneLineIn(failure)
    logged()
  })

  it('because it is out of memory is full, writes nothing by halves, and takes more when there is room', async () => {
    const redis = await started()
    const store = await connect(redis.address)
    await store.write({ put: [put('old'), put('older')] })
    redis.cli('config', 'set', 'maxmemory', '1')
    const change = { remove: [{ collection: 'alarms', id: 'old' }], put: [put('new')] }
    const failure = await failureOf(store.write(change))
    expect(failure.kind).toBe('full')
    oneLineIn(failure)
    expect((await store.list('alarms', { limit: 9 })).map(({ id }) => id)).toEqual(['old', 'older'])
    // Removing makes room, so it works.
    expect(await store.write({ remove: [{ collection: 'alarms', id: 'older' }] })).toBe(true)
    redis.cli('config', 'set', 'maxmemory', '0')
    expect(await store.write(change)).toBe(true)
    expect((await store.list('alarms', { limit: 9 })).map(({ id }) => id)).toEqual(['new'])
  })

  it('because this process closed the store says so', async () => {
    const redis = await started()
    const store = await connect(redis.address)
    await store.close()
    expect((await failureOf(store.count('alarms'))).kind).toBe('unavailable')
    expect(logged()).toBe('')
  })
})

describe('a shared store', () => {
  it('shows one instance what another wrote, with user, password and database', async () => {
    const redis = await started('--requirepass', 'r1ght@word')
    redis.cli('acl', 'setuser', 'doctor', 'on', '>s3cret/word', '~*', '+@all')
    const url = redis.url.replace('//', `//doctor:${encodeURIComponent('s3cret/word')}@`)
    const [address, other] = [parseRedisAddress(`${url}/2`), parseRedisAddress(`${url}/3`)]
    if (!address || !other) throw new Error('no address')
    const [one, two, elsewhere] = [await connect(address), await connect(address), await connect(other)]
    await one.write({ put: [put('a', '"one"')] })
    expect((await two.read([{ collection: 'alarms', id: 'a' }]))[0]?.value).toBe('"one"')
    expect(two.since).toBe(one.since)
    expect(await one.claim('lb-1', 'one', 60_000)).toBe(true)
    expect(await two.claim('lb-1', 'two', 60_000)).toBe(false)
    expect(await elsewhere.count('alarms')).toBe(0)
    expect(logged()).toBe('')
  })

  it('and its queue need no more rights than the documents say', async () => {
    const redis = await started()
    const rights = /`(~\{clb-doctor\}\S* [^`]+)`.*\n? *.*`(\+config\|get)`/.exec(
      readFileSync(new URL('../../docs/store.md', import.meta.url), 'utf8'),
    )
    redis.cli('acl', 'setuser', 'doctor', 'on', '>word', ...(rights?.[1] ?? '').split(' '), rights?.[2] ?? '')
    const address = parseRedisAddress(redis.url.replace('//', '//doctor:word@'))
    if (!address) throw new Error('no address')
    const store = await connect(address)
    const queue = createSharedLookQueue({ store, address, clock: systemClock, log })
    try {
      await store.write({ put: [put('a')] })
      await store.claim('a', 'b', 1_000)
      const woken = new Promise<string>((resolve) => queue.work(async (key) => resolve(key), 1))
      await queue.ask('lb-1')
      expect(await woken).toBe('lb-1')
    } finally {
      await queue.stop()
    }
    expect(logged()).toBe('')
  })

  it('works on a node of a cluster, because all of its keys have one hash tag', async () => {
    const redis = await started('--cluster-enabled', 'yes')
    redis.cli('cluster', 'addslotsrange', '0', '16383')
    while (!redis.cli('cluster', 'info').includes('cluster_state:ok')) await delay(50)
    const store = await connect(redis.address, 5_000)
    await store.write({ put: [put('a'), { ...put('b'), collection: 'waiting:{"x":1}' }] })
    await store.claim('lb-{1}', 'one', 60_000)
    expect(await store.count('waiting:{"x":1}')).toBe(1)
    const keys = redis.cli('keys', '*').split('\n')
    expect(keys.length).toBeGreaterThan(6)
    expect(keys.filter((key) => !key.startsWith('{clb-doctor}:'))).toEqual([])
    logged()
  })

  it('does not give a version twice when Redis forgot its last writes', async () => {
    const redis = await started('--appendonly', 'no')
    const store = await connect(redis.address)
    await store.write({ put: [put('a')] })
    const [before] = await store.read([{ collection: 'alarms', id: 'a' }])
    await redis.restart()
    while (!(await store.write({ put: [put('a')] }).catch(() => false))) await delay(50)
    const [after] = await store.read([{ collection: 'alarms', id: 'a' }])
    expect(after?.version).toBeGreaterThan(before?.version ?? Number.POSITIVE_INFINITY)
    logged()
  })
})

describe('rediss://', () => {
  it('checks the certificate, and trusts a CA of NODE_EXTRA_CA_CERTS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clb-doctor-tls-'))
    const names = [
      { type: 2 as const, value: 'localhost' },
      { type: 7 as const, ip: '127.0.0.1' },
    ]
    const certificate = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: names },
      ],
    })
    const [cert, key] = ['cert.pem', 'key.pem'].map((name) => join(folder, name))
    if (!cert || !key) throw new Error(folder)
    writeFileSync(cert, certificate.cert)
    writeFileSync(key, certificate.private)
    const port = await freePort()
    await started(
      ...['--tls-port', String(port), '--tls-auth-clients', 'no'],
      ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert],
    )
    const program = await bundled('store/programs/connector.ts')
    const outcomeOf = async (host: string, env: Record<string, string>): Promise<string> => {
      const child = startChild(program, [`rediss://${host}:${port}`], env)
      const line = await child.until(() => true)
      await child.kill()
      return line
    }
    expect(await outcomeOf('localhost', { NODE_EXTRA_CA_CERTS: cert })).toBe('ok')
    expect(await outcomeOf('127.0.0.1', { NODE_EXTRA_CA_CERTS: cert })).toBe('ok')
    const begun = Date.now()
    expect(await outcomeOf('localhost', { NODE_EXTRA_CA_CERTS: '' })).toMatch(/certificate|self-signed/)
    expect(Date.now() - begun).toBeLessThan(8_000)
    rmSync(folder, { recursive: true })
  })
})

describe('the settings of Redis', () => {
  it('are fine without a word', async () => {
    await connect((await started()).address)
    expect(logged()).toBe('')
  })

  it('that lose records are named in the log', async () => {
    const redis = await started('--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru')
    await connect(redis.address)
    const text = logged()
    expect(text).toContain('set maxmemory-policy to noeviction')
    expect(text).toContain('set appendonly to yes')
  })

  it('that cannot be asked are named, too', async () => {
    const redis = await started()
    redis.cli('acl', 'setuser', 'doctor', 'on', '>word', '~*', '+@all', '-config')
    const address = parseRedisAddress(redis.url.replace('//', '//doctor:word@'))
    if (!address) throw new Error('no address')
    await connect(address)
    const text = logged()
    expect(text).toContain('maxmemory-policy could not be checked')
    expect(text).toContain('appendonly could not be checked')
    expect(text).toContain('NOPERM')
  })
})
