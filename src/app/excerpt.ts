import { isObject, unpacked } from '../model/untrusted.ts'
import { isSecretName, isSecretOption, MASK, masked } from './masking.ts'

// The log keeps part of each refused payload: enough to see its shape, but no credentials.

const KEPT_BYTES = 2048
/** Masking may shorten the text, so more is read than is kept. Nothing behind this is looked at. */
const READ_CHARS = 4 * KEPT_BYTES
const MAX_DEPTH = 32

/** The first 2 KB of a payload. Everything that looks like a credential is masked. */
export function excerpt(payload: unknown): string {
  const text = typeof payload === 'string' ? maskedText(payload) : written(payload, 0)
  return Buffer.from(text.slice(0, READ_CHARS), 'utf8')
    .subarray(0, KEPT_BYTES)
    .toString('utf8')
    .replace(/\uFFFD+$/, '')
}

/** A text may be JSON. Then its fields are masked by their names. */
function maskedText(text: string, depth = 0): string {
  if (text.length > READ_CHARS) return masked(text.slice(0, READ_CHARS))
  const inner = unpacked(text)
  return typeof inner === 'string' ? masked(text) : written(inner, depth)
}

/** The payload as JSON without credentials. Stops soon after `READ_CHARS` characters. */
function written(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(maskedText(value, depth))
  if (typeof value !== 'object' || value === null) return simple(value)
  if (depth > MAX_DEPTH) return JSON.stringify('[too deep to show]')
  return Array.isArray(value) ? writtenList(value, depth + 1) : writtenObject(value, depth + 1)
}

function simple(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}

/** In a list such as `["Authorization","Basic …"]` or `["-u","user:password"]` a name masks what follows. */
function writtenList(list: readonly unknown[], depth: number): string {
  let text = ''
  for (let i = 0; i < list.length && text.length < READ_CHARS; i++) {
    const before = i === 0 ? undefined : list[i - 1]
    const isHidden =
      typeof before === 'string' &&
      (isSecretName(before) || isSecretOption(before) || (before === '-p' && list.includes('login')))
    text += `${i === 0 ? '' : ','}${isHidden ? `"${MASK}"` : written(list[i], depth)}`
  }
  return `[${text}]`
}

const NAME_FIELDS = /^(?:k|key|name|header|field|label|variable|param|parameter|option)$/i
const VALUE_FIELDS = /^(?:values?|val|v|content|text|default|data)$/i

function writtenObject(object: object, depth: number): string {
  const names = Object.keys(object)
  const fields = isObject(object) ? object : {}
  // `{"name":"Authorization","value":…}`, an entry of a list of headers.
  const isPair = names.some((name) => VALUE_FIELDS.test(name))
  const isSecretPair =
    isPair &&
    names.some((name) => {
      const value = NAME_FIELDS.test(name) ? fields[name] : undefined
      return typeof value === 'string' && isSecretName(value)
    })
  let text = ''
  for (const name of names) {
    if (text.length >= READ_CHARS) break
    const isHidden =
      isSecretPair && VALUE_FIELDS.test(name)
        ? true
        : isSecretName(name) && !(isPair && NAME_FIELDS.test(name))
    const value = fields[name]
    if (value === undefined) continue
    const key = JSON.stringify(masked(name.slice(0, 256)))
    text += `${text === '' ? '' : ','}${key}:${isHidden ? `"${MASK}"` : written(value, depth)}`
  }
  return `{${text}}`
}
