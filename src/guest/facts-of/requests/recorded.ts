import { ipFamily } from '../../../model/ip.ts'
import type { LocalRequest } from '../../facts.ts'
import type { Recording } from '../recording.ts'
import { msOf, optionOf, urlIn, wordsOf } from './command.ts'
import { curlEnd, ncEnd, wgetEnd } from './ends.ts'

/** The request of a recording of curl, wget or nc. Null if it was none, or if its tool did not run. */
export function requestOf(recording: Recording): LocalRequest | null {
  const { command, exit, stderr } = recording
  if (command === null || exit === null || exit === 126 || exit === 127) return null
  if (/not found/i.test(stderr) && !/HTTP\/|error 404|404 not found/i.test(stderr)) return null
  const words = wordsOf(command)
  const limit = words.indexOf('timeout')
  const allowed =
    limit < 0
      ? null
      : msOf(
          words
            .slice(limit + 1)
            .find((text) => /^\d/.test(text))
            ?.replace(/s$/, ''),
        )
  const tool = words.findIndex((text) => /(?:^|\/)(?:curl|wget|nc|ncat|netcat)$/.test(text))
  const name = words[tool]?.split('/').at(-1)
  const own = words.slice(tool + 1)
  if (name === 'curl') return curlRequest(own, recording, exit)
  if (name === 'wget') return wgetRequest(own, recording, exit, allowed)
  return name === undefined ? null : ncRequest(own, recording, exit, allowed)
}

function curlRequest(
  words: readonly string[],
  { stdout, stderr }: Recording,
  exit: number,
): LocalRequest | null {
  const asked = urlIn(words)
  if (asked === null) return null
  const [, written, seconds] = /(?:^|\n)(\d{3}) (\d+\.\d+)\s*$/.exec(stdout) ?? []
  const printed = /^HTTP\/\d(?:\.\d)? (\d{3})\b/m.exec(stdout)?.[1]
  const status = written ?? printed
  const isHead = words.some((text) => text === '--head' || /^-[a-zA-Z]*I/.test(text))
  return {
    ...asked,
    method: optionOf(words, 'X', 'request') ?? (isHead ? 'HEAD' : 'GET'),
    host: hostIn(words),
    agent: agentIn(words),
    isOfCheck: false,
    allowedMs: msOf(optionOf(words, 'm', 'max-time')),
    tool: 'curl',
    end: curlEnd(exit, stderr, status === undefined ? null : Number(status), msOf(seconds)),
  }
}

const hostIn = (words: readonly string[]): string | null => headerIn(words, 'Host')

const agentIn = (words: readonly string[]): string | null =>
  headerIn(words, 'User-Agent') ?? optionOf(words, 'A', 'user-agent') ?? optionOf(words, 'U')

function headerIn(words: readonly string[], name: string): string | null {
  const header = words.find((text) => text.toLowerCase().startsWith(`${name.toLowerCase()}:`))
  return header === undefined ? null : header.slice(name.length + 1).trim()
}

function wgetRequest(
  words: readonly string[],
  { stdout, stderr }: Recording,
  exit: number,
  allowed: number | null,
): LocalRequest | null {
  const asked = urlIn(words)
  if (asked === null) return null
  return {
    ...asked,
    method: words.includes('--spider') ? 'HEAD' : 'GET',
    host: hostIn(words),
    agent: agentIn(words),
    isOfCheck: false,
    allowedMs: msOf(optionOf(words, 'T', 'timeout')) ?? allowed,
    tool: 'wget',
    end: wgetEnd(exit, stderr, stdout),
  }
}

function ncRequest(
  words: readonly string[],
  { stderr }: Recording,
  exit: number,
  allowed: number | null,
): LocalRequest | null {
  const at = words.findIndex((text) => ipFamily(text) !== null)
  const address = words[at]
  const port = words[at + 1] ?? ''
  if (address === undefined || !/^\d{1,5}$/.test(port)) return null
  const limit = msOf(optionOf(words, 'w'))
  return {
    address,
    port: Number(port),
    scheme: words.some((text) => /^-[a-zA-Z]*u/.test(text)) ? 'udp' : 'tcp',
    method: null,
    host: null,
    agent: null,
    path: null,
    isOfCheck: false,
    allowedMs: limit ?? allowed,
    tool: 'nc',
    end: ncEnd(exit, stderr, limit !== null),
  }
}
