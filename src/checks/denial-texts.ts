import type { Shadowed } from '../assessment/index.ts'
import type { ProbeVia } from '../model/diagnosis.ts'
import type { Text } from '../model/language.ts'
import type { Decider } from '../network/index.ts'

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
  const place = PLACES[by.kind]
  const isElsewhere = found.by.id !== by.id
  return {
    'zh-CN': `${isElsewhere ? `${found.by.id} 的` : ''}${place['zh-CN']} ${found.by.index}（${found.by.words}）本可放行${found.part ? ` ${found.part.join('、')}` : ''}，但被${place['zh-CN']} ${by.index} 抢先拒绝。`,
    en: ` ${place.en} ${found.by.index}${isElsewhere ? ` of ${found.by.id}` : ''} (${found.by.words}) would allow ${found.part?.join(', ') ?? 'it'}, but ${place.en} ${by.index} denies it first.`,
  }
}

const PLACES: Readonly<Record<Decider['kind'], Text>> = {
  'security-group': { 'zh-CN': '规则 PolicyIndex', en: 'PolicyIndex' },
  'network-acl': { 'zh-CN': '优先级', en: 'Priority' },
}
