import type { ProbeVia } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import type { Shadowed } from '../path/index.ts'
import type { Decider } from '../rules/index.ts'

/** What the prober's address is, as documents and console call it. */
export const SOURCE_NAMES: Readonly<Record<ProbeVia, string>> = {
  vip: 'VIP',
  '100.64': '100.64.0.0/10',
  '169.254': '169.254.128.0/17',
  snat: 'SNAT IP',
  unknown: '?',
}

const DEFAULT_DENY: Text = {
  'zh-CN': '没有任何规则放行，落到默认拒绝',
  en: 'no rule allows it, so the default deny decides',
}

/** The rule that decides, within a sentence. */
export function ruleText(by: Decider): Text {
  if (by.index === null) return DEFAULT_DENY
  return by.kind === 'security-group'
    ? {
        'zh-CN': `入站规则 PolicyIndex ${by.index}（${by.words}）`,
        en: `inbound rule PolicyIndex ${by.index} (${by.words})`,
      }
    : {
        'zh-CN': `优先级 ${by.index} 的规则（${by.words}）`,
        en: `the entry with priority ${by.index} (${by.words})`,
      }
}

/**
 * A sentence on the rule that would allow what another denies first, naming both; nothing where there is none. English
 * sets it off by a space.
 */
export function shadowedText(by: Decider, found: Shadowed | null): Text {
  if (!found) return { 'zh-CN': '', en: '' }
  const location = POSITIONS[by.kind]
  const isElsewhere = found.by.id !== by.id
  return {
    'zh-CN': `${isElsewhere ? `${found.by.id} 的` : ''}${location['zh-CN']} ${found.by.index}（${found.by.words}）本可放行${found.part ? ` ${found.part.join('、')}` : ''}，但被${location['zh-CN']} ${by.index} 抢先拒绝。`,
    en: ` ${location.en} ${found.by.index}${isElsewhere ? ` of ${found.by.id}` : ''} (${found.by.words}) would allow ${found.part?.join(', ') ?? 'it'}, but ${location.en} ${by.index} denies it first.`,
  }
}

const POSITIONS: Readonly<Record<Decider['kind'], Text>> = {
  'security-group': { 'zh-CN': '规则 PolicyIndex', en: 'PolicyIndex' },
  'network-acl': { 'zh-CN': '优先级', en: 'Priority' },
}

/** What is denied, for machines and managed services alike. */
export const DETAILS = {
  group: {
    'zh-CN':
      '探测（源 {sources}）访问 {service} 时：{rule}，被拦截的源地址：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
    en: 'Probes (source: {sources}) to {service}: {rule}. Blocked sources: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
  },
  groupPart: {
    'zh-CN':
      '探测源（{sources}）中的 {blocked} 访问 {service} 时被拦截：{rule}。{shadowed}探测源地址不固定，后端可能时好时坏。涉及 {count} 个后端。{doubt}',
    en: 'Of the probe sources ({sources}), {blocked} cannot reach {service}: {rule}.{shadowed} The source address changes, so the backends can flap. Backends behind it: {count}.{doubt}',
  },
  reply: {
    'zh-CN':
      'ACL 无状态，出站规则要单独放行回包{towards}：{rule}，到不了的探测源：{blocked}。{shadowed}涉及 {count} 个后端。{doubt}',
    en: 'ACLs are stateless: outbound entries must allow the reply by themselves{towards}: {rule}. Probe sources out of reach: {blocked}.{shadowed} Backends behind it: {count}.{doubt}',
  },
} as const satisfies Record<string, Text>

/** Sentences in a row. */
export const after = (first: Text, { 'zh-CN': zh, en }: Text): Text => ({
  'zh-CN': `${first['zh-CN']}${zh}`,
  en: `${first.en} ${en}`,
})

/** What to add, for the groups and ACLs of machines and of managed services alike. */
export const FIXES = {
  group: {
    'zh-CN': '在安全组 {target} 的入站规则{position}放行 {opens}，来源 {from}。',
    en: 'Allow {opens} from {from} in security group {target}, inbound, {position}.',
  },
  inbound: {
    'zh-CN': '在网络 ACL {target} 的入站规则中，以优先级 {position} 放行 {opens}，来源 {from}。',
    en: 'In network ACL {target}, inbound, add an entry with priority {position} that allows {opens} from {from}.',
  },
  outbound: {
    'zh-CN': '在网络 ACL {target} 的出站规则中，以优先级 {position} 放行 {opens}，目的 {from}{towards}。',
    en: 'In network ACL {target}, outbound, add an entry with priority {position} that allows {opens} to {from}{towards}.',
  },
} as const satisfies Record<string, Text>

/** Where a reply goes; the range of the prober's own ports is not documented (platform facts B). */
export const TOWARDS = {
  port: {
    'zh-CN': '（发往探测方的临时端口 1024-65535）',
    en: ", towards the prober's ephemeral port (1024-65535)",
  },
  ping: { 'zh-CN': '（ICMP 没有端口）', en: ' (ICMP has no ports)' },
} as const satisfies Record<string, Text>

/** All of it, or a part: an ACL of a service has one reason for both. */
export const BLOCKS = {
  wholly: { 'zh-CN': '拦截', en: 'blocks' },
  partly: { 'zh-CN': '部分拦截', en: 'blocks in part' },
} as const satisfies Record<string, Text>
