// An id of Tencent Cloud names the kind of a resource: a prefix, a dash, then lower-case letters and digits. Every id
// in the samples of the API and of alarms has eight to eleven of these; older documents print six.

/** The kinds that are told apart by their prefix. */
export type IdPrefix =
  | ('lb' | 'clb' | 'lbl' | 'loc' | 'lbtg')
  | ('vpc' | 'subnet' | 'acl' | 'rtb' | 'ccn')
  | ('ins' | 'eni')
  | ('sg' | 'ipm' | 'ipmg' | 'ppm' | 'ppmg')
  | ('cdb' | 'cdbro' | 'crs' | 'cmgo' | 'postgres' | 'ckafka')

const ID = /^[a-z]{2,12}-[a-z0-9]{6,32}$/

/** Whether a text of the API may be an id, of whatever length. */
export const isIdLike = (text: string): boolean => /^[a-z]+-\w+$/.test(text)

/** Whether an id that the API gave is of this kind. */
export const hasPrefix = (id: string | null | undefined, prefix: IdPrefix): id is string =>
  id?.startsWith(`${prefix}-`) === true

/** An id of any kind as people and alarms write it; null for anything else. */
export function parseAnyId(text: string): string | null {
  const id = text.trim()
  return ID.test(id) ? id : null
}

/** An id of one kind as people and alarms write it, e.g. `lb-7dpmqwcu`; null for anything else. */
export function parseId(text: string, prefix: IdPrefix): string | null {
  const id = parseAnyId(text)
  return hasPrefix(id, prefix) ? id : null
}
