import { Redis, type RedisOptions } from 'ioredis'
import { ipFamily } from '../../model/ip.ts'
import type { Log } from '../../model/log.ts'
import { filled } from '../../text/index.ts'
import type { RedisAddress } from '../redis-address.ts'
import { StoreError } from '../store.ts'
import { TEXTS } from '../texts.ts'

/** How long a call may take, with a new connection if the old one is gone. */
export const CALL_MS = 2_000
const CONNECT_MS = 2_000
/** A worker whose connection is silent this long gets a new one. */
const WORKER_SILENCE_MS = 30_000
const MOST_BETWEEN_TRIES_MS = 1_000

/** `calls` fail soon while Redis is away. `worker`: BullMQ wants its calls to wait instead. */
export type Purpose = 'calls' | 'worker'

function optionsFor(address: RedisAddress, purpose: Purpose): Omit<RedisOptions, 'replyMapping'> {
  const { host, port, user, password, db, tls } = address
  return {
    host,
    port,
    db,
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(tls ? { tls: ipFamily(host) ? {} : { servername: host } } : {}),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    keepAlive: 10_000,
    // What every Redis and every proxy in front of one speaks.
    protocol: 2,
    disableClientInfo: true,
    connectionName: 'clb-doctor',
    retryStrategy: (tries) => Math.min(50 * 2 ** Math.min(tries, 10), MOST_BETWEEN_TRIES_MS),
    // A write that is sent again would find its own conditions broken. A worker that waits for a job must ask again.
    autoResendUnfulfilledCommands: purpose === 'worker',
    enableOfflineQueue: purpose === 'worker',
    // BullMQ waits ten seconds at most for a job before it asks again.
    ...(purpose === 'worker' ? { socketTimeout: WORKER_SILENCE_MS } : {}),
    maxRetriesPerRequest: null,
  }
}

/** A connection of its own for BullMQ. An error that nobody listens to would end the process. */
export function connectTo(address: RedisAddress, purpose: Purpose): Redis {
  const client = new Redis({ ...optionsFor(address, purpose), lazyConnect: false })
  client.on('error', () => {})
  return client
}

type Fail = (error: unknown) => void

/** The connection of the store's own calls. Each call resolves or fails within two seconds. */
export class Connection {
  readonly #client: Redis
  readonly #where: string
  readonly #log: Log
  /** Calls that wait for a connection, and calls that Redis has not answered. */
  readonly #waiting = new Set<Fail>()
  readonly #running = new Set<Fail>()
  #lastError = 'no answer'
  /** ioredis would go on in database 0, among records of others. */
  #noDatabase: string | null = null
  #isClosed = false
  #isAway = false

  constructor(address: RedisAddress, log: Log) {
    this.#client = new Redis(optionsFor(address, 'calls'))
    // Each call that waits for the connection listens for it.
    this.#client.setMaxListeners(0)
    this.#where = `${address.host}:${address.port}`
    this.#log = log
    // Without a listener an error would end the process. Every failed call says what happened.
    this.#client.on('error', (error: unknown) => {
      this.#lastError = reasonOf(error)
      if (NO_DATABASE.test(this.#lastError)) this.#noDatabase = this.#lastError
      if (HOPELESS.test(this.#lastError)) failAll(this.#waiting, error)
    })
    this.#client.on('close', () => this.#lost())
    this.#client.on('ready', () => {
      if (this.#isAway) this.#log.info('Redis is back', { redis: this.#where })
      this.#isAway = false
      this.#lastError = 'no answer'
    })
  }

  /**
   * Tries to connect until `patienceMs` is over. Wrong credentials do not get better with time.
   * @throws StoreError `unavailable`
   */
  async open(patienceMs: number): Promise<void> {
    const deadline = Date.now() + patienceMs
    // From now on it connects again by itself. Whether it works is seen at the ping.
    this.#client.connect().catch(() => {})
    for (;;) {
      try {
        await this.call((client) => client.ping(), Math.min(CALL_MS, deadline - Date.now()))
        return
      } catch (error) {
        if (Date.now() >= deadline || this.#noDatabase || HOPELESS.test(this.#lastError)) throw error
      }
    }
  }

  /** @throws StoreError */
  async call<T>(work: (client: Redis) => Promise<T>, ms = CALL_MS): Promise<T> {
    if (this.#isClosed) throw new StoreError('unavailable', TEXTS.closed)
    const deadline = Date.now() + ms
    try {
      if (this.#client.status !== 'ready') await this.#untilReady(deadline)
      return await within(
        deadline,
        this.#running,
        () => NO_ANSWER,
        (done, fail) => {
          work(this.#client).then(done, fail)
          return () => {}
        },
      )
    } catch (error) {
      // A connection that answers no more may stay open for minutes, e.g. behind a firewall that forgot it.
      if (reasonOf(error) === NO_ANSWER && this.#client.status === 'ready') {
        this.#lost(error)
        this.#client.disconnect(true)
      }
      throw this.#troubleOf(error)
    }
  }

  close(): void {
    this.#isClosed = true
    this.#client.disconnect()
  }

  #untilReady(deadline: number): Promise<void> {
    const why = (): string => this.#lastError
    return within<void>(deadline, this.#waiting, why, (done) => {
      this.#client.once('ready', done)
      return () => this.#client.off('ready', done)
    })
  }

  /** What Redis has not answered by now will not be answered, and whether it was done is not known. */
  #lost(error: unknown = new Error('the connection was lost')): void {
    failAll(this.#running, error)
    if (this.#isClosed || this.#isAway) return
    this.#isAway = true
    this.#log.warn('Redis is away', { redis: this.#where, why: this.#lastError })
  }

  #troubleOf(error: unknown): StoreError {
    if (error instanceof StoreError) return error
    const why = reasonOf(error)
    const text = OF_ROOM.test(why) ? TEXTS.redisFull : TEXTS.redisAway
    // The error itself holds the arguments of the command, which may be a password. Only its message goes on.
    return new StoreError(
      OF_ROOM.test(why) ? 'full' : 'unavailable',
      filled(text, { redis: this.#where, why }),
    )
  }
}

/** Waits for `begin` to call `done`, until the deadline or until somebody fails it through the set. */
function within<T>(
  deadline: number,
  failures: Set<Fail>,
  why: () => string,
  begin: (done: (value: T) => void, fail: Fail) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (act: () => void): void => {
      clearTimeout(timer)
      failures.delete(fail)
      stop()
      act()
    }
    const fail: Fail = (error) => end(() => reject(error))
    const timer = setTimeout(() => fail(new Error(why())), Math.max(0, deadline - Date.now()))
    failures.add(fail)
    const stop = begin((value) => end(() => resolve(value)), fail)
  })
}

function failAll(failures: Set<Fail>, error: unknown): void {
  for (const fail of [...failures]) fail(error)
}

const NO_ANSWER = 'no answer in time'

/** Out of memory under `noeviction`, or Redis cannot write its files. */
const OF_ROOM = /^(OOM|MISCONF)\b/
const HOPELESS =
  /^(WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR DB index|ERR SELECT)|certificate|self-signed/i

const NO_DATABASE = /^ERR (DB index|SELECT)/

/** How ioredis says that there is no connection. Its words name options of ours, which nobody can set. */
const OF_CLIENT = /^(?:Stream isn't writeable|Connection is closed)/

/** The first line of a message. An AggregateError has its reasons inside. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  const message = error instanceof Error ? error.message : String(error)
  if (OF_CLIENT.test(message)) return 'the connection was lost'
  return (message.split('\n')[0] ?? '').slice(0, 160) || 'no answer'
}
