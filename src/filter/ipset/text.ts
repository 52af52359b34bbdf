/** A set of `ipset save` or `ipset list`. */
export interface IpSet {
  readonly name: string
  /** For example `hash:net,port`. */
  readonly type: string
  /** What stands behind the type: `family inet hashsize 1024 …` */
  readonly options: readonly string[]
  readonly members: IpSetMember[]
}

export interface IpSetMember {
  /** `10.0.0.0/8,tcp:80` */
  readonly text: string
  readonly isException: boolean
}

export function parseIpset(text: string): ReadonlyMap<string, IpSet> {
  const sets = new Map<string, IpSet>()
  let listed: { name: string; type: string; set: IpSet | null } = { name: '', type: '', set: null }
  for (const line of text.split('\n').map((raw) => raw.trim())) {
    const words = line.split(/\s+/)
    const [first = '', second = '', third = ''] = words
    if (first === 'create') sets.set(second, setOf(second, third, words.slice(3)))
    else if (first === 'add') sets.get(second)?.members.push(memberOf(words.slice(2)))
    else if (first === 'Name:') listed = { name: second, type: '', set: null }
    else if (first === 'Type:') listed.type = second
    else if (first === 'Header:') {
      listed.set = setOf(listed.name, listed.type, words.slice(1))
      sets.set(listed.name, listed.set)
    } else if (isMember(line, listed.set)) listed.set?.members.push(memberOf(words))
    else if (line === '' || line.startsWith('--') || line.startsWith('$'))
      listed = { name: '', type: '', set: null }
  }
  return sets
}

const setOf = (name: string, type: string, options: readonly string[]): IpSet => ({
  name,
  type,
  options,
  members: [],
})

/** The lines between `Header:` and the members have a name and a colon with a blank behind it. */
const isMember = (line: string, set: IpSet | null): boolean =>
  set !== null && line !== '' && !/^(?:\$|--|[A-Z][\w ]*:(?: |$))/.test(line)

const memberOf = (words: readonly string[]): IpSetMember => ({
  text: words[0] ?? '',
  isException: words.includes('nomatch'),
})
