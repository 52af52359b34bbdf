// Makes the input of the evaluator bench: rule lists like those of a large account. The seed decides all of it.

/** Makes a function that returns pseudo-random whole numbers in [0, n), from a 32-bit seed (xorshift). */
export function randomly(seed) {
  let state = seed || 1
  return (n) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % n
  }
}

const TEMPLATES = 50
const MEMBERS = 10

/** A rule in the form of the snapshot. Every rule has all fields in the same order, so V8 gives them one shape. */
const rule = (index, protocol, port, action, { cidr = null, address = null }) => ({
  index,
  protocol,
  port,
  service: null,
  cidr,
  ipv6Cidr: null,
  sourceGroupId: null,
  address,
  action,
  description: null,
  modifiedAt: null,
})

/** `count` security groups with `rules` rules each, all in 100.64.0.0/10. One rule in ten has an address template. */
export function groupsOf(count, rules, random) {
  return Array.from({ length: count }, (_, g) => ({
    id: `sg-${g}`,
    region: 'ap-guangzhou',
    version: null,
    ingress: Array.from({ length: rules }, (_, index) => {
      const isAll = random(4) === 0
      const source =
        random(10) === 0
          ? { address: { id: `ipm-${random(TEMPLATES)}`, groupId: null } }
          : { cidr: `100.${64 + random(64)}.${random(256)}.0/${14 + random(15)}` }
      const protocol = isAll ? 'ALL' : ['TCP', 'TCP', 'UDP'][random(3)]
      const port = isAll ? 'ALL' : ['8080', '80,443', '8000-9000', 'ALL'][random(4)]
      return rule(index, protocol, port, random(2) === 0 ? 'ACCEPT' : 'DROP', source)
    }),
  }))
}

/** One group that cuts the source into as many pieces as possible: each rule has one address, every second address. */
export function worstCase(rules) {
  return {
    id: 'sg-worst',
    region: 'ap-guangzhou',
    version: null,
    ingress: Array.from({ length: rules }, (_, index) =>
      rule(index, 'TCP', '8080', index % 2 === 0 ? 'ACCEPT' : 'DROP', {
        cidr: `100.64.${(index >> 7) & 255}.${(index & 127) * 2}`,
      }),
    ),
  }
}

export function referencesOf(random) {
  const address = () => `100.${64 + random(64)}.${random(256)}.${random(256)}`
  const members = Array.from({ length: TEMPLATES }, () => Array.from({ length: MEMBERS }, address))
  return {
    addresses: ({ id }) => members[Number(id.slice('ipm-'.length))],
    services: () => null,
    members: () => ({ inside: [], outside: [] }),
  }
}

/** Sets of five neighbouring groups. As in real accounts, a group can be in several sets. */
export const setsOf = (groups, count) =>
  Array.from({ length: count }, (_, i) => {
    const first = Math.floor((i * groups.length) / count)
    return Array.from({ length: 5 }, (_, k) => groups[(first + k) % groups.length])
  })

/** Random addresses in 100.64.0.0/10. */
export const addressesOf = (count, random) =>
  Array.from({ length: count }, () => `100.${64 + random(64)}.${random(256)}.${random(256)}`)
