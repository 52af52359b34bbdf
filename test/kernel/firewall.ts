// Rule lists as nftables. Each stage has a chain. Each rule has a set of the packets that it decided. This code shares
// nothing with the evaluator, so that a mistake in one is not a mistake in both.

export interface Rule {
  readonly protocol: 'TCP' | 'UDP' | 'ALL'
  /** `ALL`, or ports and ranges with commas. */
  readonly port: string
  readonly cidr: string
  readonly action: 'ACCEPT' | 'DROP'
}

export interface Lists {
  readonly family: 4 | 6
  readonly aclIn: readonly Rule[]
  readonly groups: readonly (readonly Rule[])[]
  readonly aclOut: readonly Rule[]
}

/** The rules of each stage, in order. The name of a rule is the name of the set of its packets. */
const stagesOf = ({ aclIn, groups, aclOut }: Lists) => {
  const numbered = (prefix: string, rules: readonly Rule[]) =>
    rules.map((rule, i) => ({ name: `${prefix}_${i}`, rule }))
  return [
    { stage: 'acl_in', hook: 'input priority -20', rules: numbered('acl_in', aclIn) },
    {
      stage: 'sg_in',
      hook: 'input priority -10',
      rules: groups.flatMap((rules, g) => numbered(`sg_in_${g}`, rules)),
    },
    { stage: 'acl_out', hook: 'output priority -10', rules: numbered('acl_out', aclOut) },
  ] as const
}

export function rulesetOf(lists: Lists): string {
  const ip = lists.family === 4 ? 'ip' : 'ip6'
  const type = `${lists.family === 4 ? 'ipv4_addr' : 'ipv6_addr'} . inet_service . inet_service`
  const stages = stagesOf(lists)
  const names = stages.flatMap(({ stage, rules }) => [...rules.map(({ name }) => name), `${stage}_default`])
  const sets = names.map((name) => `set ${name} { type ${type}; flags dynamic; size 65535; }`)
  const chains = stages.map(({ stage, hook, rules }) => {
    const isOut = stage === 'acl_out'
    const prober = isOut ? 'daddr' : 'saddr'
    // The prober's address and port, and the backend's port, for both directions.
    const packet = `${ip} ${prober} . th ${isOut ? 'dport' : 'sport'} . th ${isOut ? 'sport' : 'dport'}`
    const lines = rules.map(({ name, rule }) => {
      const match = [
        ...(rule.protocol === 'ALL' ? [] : [`meta l4proto ${rule.protocol.toLowerCase()}`]),
        ...(/^(0\.0\.0\.0|::)\/0$/.test(rule.cidr) ? [] : [`${ip} ${prober} ${rule.cidr}`]),
        ...(rule.port === 'ALL' ? [] : [`th dport { ${rule.port} }`]),
      ]
      return [...match, `add @${name} { ${packet} }`, rule.action.toLowerCase()].join(' ')
    })
    return [
      `chain ${stage} { type filter hook ${hook}; policy accept;`,
      `meta l4proto != { tcp, udp } accept`,
      ...lines,
      `add @${stage}_default { ${packet} } drop`,
      '}',
    ].join('\n')
  })
  return ['flush ruleset', 'table inet clbd {', ...sets, ...chains, '}', ''].join('\n')
}

/** Every packet (`address port service`), with the stages and rules that decided it: `acl-in 3`, `sg-in 0,2` … */
export function decidedBy(json: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const { set } of JSON.parse(json).nftables as { set?: NftSet }[])
    for (const { elem } of set?.elem?.map(elementOf) ?? []) {
      const packet = elem.join(' ')
      found.set(packet, [...(found.get(packet) ?? []), labelOf(set?.name ?? '')])
    }
  return found
}

interface NftSet {
  readonly name: string
  readonly elem?: readonly NftElement[]
}
type Concat = { readonly concat: readonly (string | number)[] }
type NftElement = Concat | { readonly elem: { readonly val: Concat } }

const elementOf = (element: NftElement) => ({
  elem: 'elem' in element ? element.elem.val.concat : element.concat,
})

function labelOf(name: string): string {
  const [kind = '', direction = '', ...index] = name.split('_')
  return `${kind}-${direction} ${index.join(',')}`
}
