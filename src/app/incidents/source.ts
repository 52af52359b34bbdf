import { endpointOf } from '../../model/endpoint.ts'
import type { IncidentDetails, IncidentPage } from '../../model/incident.ts'
import type { Language, Text } from '../../model/language.ts'
import { silentLog } from '../../model/log.ts'
import { TextError } from '../../model/text-error.ts'
import { isObject, parseJson } from '../../model/untrusted.ts'
import { createAgent, NO_PROXIES, PostError, type Proxies, post, type Received } from '../../net/index.ts'
import { type OwnAddress, ownerOf, readFolder } from '../../store/embedded/index.ts'
import { type Store, StoreError } from '../../store/index.ts'
import { filled, inEachLanguage } from '../../text/index.ts'
import { type Environment, proxiesFrom, storePlaceFrom } from '../config.ts'
import { orStop } from '../store.ts'
import { TEXTS } from '../texts.ts'
import { incidentDetails, incidentPage, type PageQuestion } from './history.ts'

// Where `clb-doctor incidents` reads: the `serve` that it is told to ask, else Redis, else the folder of `serve`. A process
// that has the folder is asked in its place.

export { renderIncidents } from '../../render/index.ts'

/** Where `serve` listens if it is told nothing. */
export const SERVE_URL = 'http://127.0.0.1:9000'
const ANSWER_MS = 10_000
/** The signal ends it before these do. */
const LIMITS = { connect: ANSWER_MS, head: ANSWER_MS, body: ANSWER_MS }
const REDIS_PATIENCE_MS = 3_000
const WORDS = TEXTS.reading

export interface IncidentSource {
  /** Null: there is no incident `before`. */
  page(question: PageQuestion): Promise<IncidentPage | null>
  /** Null: it is not kept. */
  details(id: string): Promise<IncidentDetails | null>
  close(): Promise<void>
}

/** What was asked for could not be read. `isMisused`: the call or the configuration is wrong. */
export class ReadingError extends TextError {
  override readonly name = 'ReadingError'
  readonly isMisused: boolean

  constructor(text: Text, isMisused: boolean, options?: ErrorOptions) {
    super(text, options)
    this.isMisused = isMisused
  }
}

interface Asked {
  readonly env: Environment
  /** The `serve` to ask, whatever else is set. */
  readonly url: string | undefined
  readonly language: Language
}

/** @throws ConfigError or ReadingError, each with one line that says what to do */
export async function openIncidents({ env, url, language }: Asked): Promise<IncidentSource> {
  const [token = ''] = (env.CLB_DOCTOR_API_TOKEN ?? '').trim().split(/\s+/)
  if (url !== undefined) return remote(url, token, proxiesFrom(env), null)
  const { redis, dataFolder } = storePlaceFrom(env)
  if (redis !== null) {
    const { openRedis } = await import('../../store/redis/index.ts')
    const options = { log: silentLog, patienceMs: REDIS_PATIENCE_MS, mustExist: true }
    const open = () => readable(() => openRedis(redis, options), isElsewhere)
    return local(await orStop('CLB_DOCTOR_REDIS_URL', open), language)
  }
  try {
    return local(await readFolder(dataFolder), language)
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'owned')
      return remote(urlOf(ownerOf(dataFolder)), token, NO_PROXIES, dataFolder)
    return orStop('CLB_DOCTOR_DATA', () => Promise.reject(error))
  }
}

/** A process that listens on every address is asked on loopback. */
function urlOf(owner: OwnAddress | null): string {
  if (owner === null) return SERVE_URL
  const host = owner.host === '0.0.0.0' ? '127.0.0.1' : owner.host === '::' ? '::1' : owner.host
  return `http://${endpointOf({ ip: host, port: owner.port })}`
}

const isElsewhere = ({ kind }: StoreError): boolean => kind === 'defect'

type Reading = Pick<Store, 'read' | 'list' | 'count' | 'close'>

const local = (store: Reading, language: Language): IncidentSource => ({
  page: (question) => readable(() => incidentPage(question, store, Date.now())),
  details: (id) => readable(() => incidentDetails(id, store, Date.now(), language)),
  close: () => store.close(),
})

/** The caller did nothing wrong if a store does not answer. */
async function readable<T>(
  read: () => Promise<T>,
  isMisused: (error: StoreError) => boolean = () => false,
): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof StoreError) || isMisused(error)) throw error
    throw new ReadingError(
      inEachLanguage((language) => error.inLanguage(language)),
      false,
      { cause: error },
    )
  }
}

/** `folder`: another process has it, and this address is a guess. */
function remote(base: string, token: string, proxies: Proxies, folder: string | null): IncidentSource {
  const get = async (path: string): Promise<{ status: number; body: unknown }> => {
    const url = new URL(`${base}${path}`)
    let reply: Received
    try {
      reply = await post(url, {
        method: 'GET',
        // A token goes to the address that was named and nowhere else: redirects are not followed.
        headers: token === '' ? {} : { authorization: `Bearer ${token}` },
        body: '',
        agent: await createAgent(url, proxies),
        signal: AbortSignal.timeout(ANSWER_MS),
        limits: LIMITS,
      })
    } catch (error) {
      const why = whyOf(error)
      const text =
        folder === null
          ? filled(WORDS.silent, { url: base, why })
          : filled(WORDS.guessed, { url: base, why, folder })
      throw new ReadingError(text, false, { cause: error })
    }
    const { status } = reply
    if (status === 401)
      throw new ReadingError(filled(WORDS[token === '' ? 'noToken' : 'wrongToken'], { url: base }), true)
    return { status, body: parseJson(reply.body.toString('utf8')) }
  }
  const strange = (status: number, body: unknown): ReadingError =>
    status === 503
      ? new ReadingError(filled(WORDS.away, { url: base }), false)
      : new ReadingError(filled(WORDS.strange, { url: base, status }), !isObject(body))
  return {
    async page({ limit, before, isOpen }) {
      const query = new URLSearchParams({
        limit: String(limit),
        ...(before === null ? {} : { before }),
        ...(isOpen ? { open: 'true' } : {}),
      })
      const { status, body } = await get(`/v1/incidents?${query}`)
      if (status === 200 && isObject(body) && Array.isArray(body.incidents))
        return body as unknown as IncidentPage
      throw strange(status, body)
    },
    async details(id) {
      const { status, body } = await get(`/v1/incidents/${encodeURIComponent(id)}`)
      if (status === 200 && isObject(body) && Array.isArray(body.loadBalancers))
        return body as unknown as IncidentDetails
      if (status === 404 && isObject(body)) return null
      throw strange(status, body)
    },
    async close() {},
  }
}

/** A proxy is named by its host and port, never with its password. */
function whyOf(error: unknown): string {
  if (!(error instanceof PostError)) return error instanceof Error ? error.message : String(error)
  if (error.code === 'Timeout') return `${ANSWER_MS / 1_000} s`
  return error.code.startsWith('Proxy') ? error.message : error.code
}
