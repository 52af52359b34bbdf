import { type AddressSet, parseAddresses } from '../../rules/index.ts'

/** `10.0.0.0/255.255.0.0`. Null if the mask is no prefix, and for any other text. */
export function maskedAddresses(text: string): AddressSet | null {
  const [address = '', mask = ''] = text.split('/')
  const set = parseAddresses(mask)
  const value = set?.family === 4 ? Number(set.borders[0]) : null
  if (value === null) return null
  const ones = Math.clz32(~value)
  return ones === 32 || value << ones === 0 ? parseAddresses(`${address}/${ones}`) : null
}
