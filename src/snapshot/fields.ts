import { ipFamily } from '../model/ip.ts'

// The API writes "unset" as null, as "" or by leaving a field out (platform facts A). Here it is always null. The types
// of values were checked on arrival (cloud/door.ts).

type Unset = null | undefined

export const text = (value: string | Unset): string | null => value?.trim() || null

/**
 * An IPv6 address in the form of RFC 5952, because the API writes it in full or shortened. Other texts stay as they
 * are.
 */
export const address = (value: string | Unset): string | null => {
  const found = text(value)
  return found !== null && ipFamily(found) === 6 && URL.canParse(`http://[${found}]/`)
    ? new URL(`http://[${found}]/`).hostname.slice(1, -1)
    : found
}

export const upper = (value: string | Unset): string | null => text(value)?.toUpperCase() ?? null

export const lower = (value: string | Unset): string | null => text(value)?.toLowerCase() ?? null

/** When a backend was bound, if the API says so. */
export const registeredAt = ({ RegisteredTime }: { readonly RegisteredTime?: string | null }) => {
  const at = text(RegisteredTime)
  return at === null ? {} : { registeredAt: at }
}

/** Distinct non-empty strings, in order of first appearance. */
export const texts = (values: readonly (string | Unset)[] | Unset): readonly string[] => [
  ...new Set((values ?? []).flatMap((value) => text(value) ?? [])),
]

/** Distinct addresses, in the form of `address`. */
export const addresses = (values: readonly (string | Unset)[] | Unset): readonly string[] =>
  texts(values?.map(address))

/** A zone, as a field that is left out if it is not known. */
export const zoneOf = (zone: string | null | undefined): { readonly zone?: string } => {
  const known = text(zone)
  return known === null ? {} : { zone: known }
}
