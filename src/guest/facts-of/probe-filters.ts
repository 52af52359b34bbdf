import { type FilterLayer, type FilterTexts, UNREAD_TEXTS } from '../../filter/index.ts'
import type { FilterSample, NotSeen } from '../facts.ts'
import type { ProbeText } from './probe-text.ts'

// The rule lists of the probe. Each later sample comes as the counters that have moved since the first, by line.

type Family = 4 | 6

/** The name of a section, and the lists that it can be. */
const SECTIONS = ['iptables', 'iptables-legacy', 'nft'] as const
type Section = (typeof SECTIONS)[number]

const layerOf = (section: Section, family: Family): FilterLayer =>
  section === 'nft'
    ? 'nft'
    : section === 'iptables'
      ? family === 4
        ? 'iptables'
        : 'ip6tables'
      : family === 4
        ? 'iptablesLegacy'
        : 'ip6tablesLegacy'

export function probeFilters(text: ProbeText, family: Family): readonly FilterSample[] {
  const ipset = textOf(text, 'ipset')
  const textsWith = (change: (section: Section, text: string) => string | null): FilterTexts => {
    const texts: Record<FilterLayer, string | null> = { ...UNREAD_TEXTS, ipset }
    for (const section of SECTIONS) {
      const own = textOf(text, section)
      const changed = own === null ? null : change(section, own)
      texts[layerOf(section, family)] = changed === null ? null : unfolded(changed)
    }
    return texts
  }
  const first = withoutHalfNft(
    textsWith((_, own) => own),
    family,
  )
  if (SECTIONS.every((section) => first[layerOf(section, family)] === null)) return []
  const samples: FilterSample[] = [{ texts: first, afterSeconds: null }]
  for (const { prefix, after } of laterSamples(text)) {
    const texts = withoutHalfNft(
      textsWith((section, own) => withCounters(own, text.section(`${prefix}-${section}`))),
      family,
    )
    // If a list has changed meanwhile, the first one is the only whole one, and no counter is known again.
    if (SECTIONS.some((section) => isLost(layerOf(section, family), first, texts))) break
    samples.push({ texts, afterSeconds: after })
  }
  return samples
}

/** The later samples that the probe took, with the seconds since the first. */
function laterSamples(text: ProbeText): readonly { readonly prefix: string; readonly after: number }[] {
  const second = text.first('second') === 'yes' ? text.first('sample-after') : undefined
  return [
    { prefix: 'moved', after: Number(second ?? Number.NaN) },
    { prefix: 'again', after: Number(text.first('third-after') ?? Number.NaN) },
  ].filter(({ after }) => !Number.isNaN(after))
}

const isLost = (layer: FilterLayer, first: FilterTexts, second: FilterTexts): boolean =>
  first[layer] !== null && second[layer] === null

const OF_IPTABLES = /^table ip6? (?:filter|nat|mangle|raw|security) /m

/**
 * The probe leaves out of the list of nft what the list of iptables shows. If that one did not come through, the other
 * is only a half, unless it has such tables itself.
 */
function withoutHalfNft(texts: FilterTexts, family: Family): FilterTexts {
  const { nft } = texts
  const isHalf = texts[layerOf('iptables', family)] === null && nft !== null && !OF_IPTABLES.test(nft)
  return isHalf ? { ...texts, nft: null } : texts
}

/** `in-nft`: `nft list ruleset` shows the tables of iptables, too. */
function textOf(text: ProbeText, section: Section | 'ipset'): string | null {
  const isEmpty = text.all('empty').includes(section) || text.all('in-nft').includes(section)
  return isEmpty ? '' : text.section(section)
}

/** The text with the counters of a later sample. Null if they were cut, or if the rules had changed. */
function withCounters(text: string, moved: string | null): string | null {
  if (moved === null || moved.startsWith('changed')) return null
  const lines = text.split('\n')
  for (const [, line = '', packets, bytes] of moved.matchAll(/^(\d+) (\d+):(\d+)$/gm)) {
    const at = Number(line) - 1
    lines[at] = (lines[at] ?? '').includes('packets ')
      ? (lines[at] ?? '').replace(/packets \d+ bytes \d+/, `packets ${packets} bytes ${bytes}`)
      : (lines[at] ?? '').replace(/\[\d+:\d+\]/, `[${packets}:${bytes}]`)
  }
  return lines.join('\n')
}

/** `~INPUT 3`: three rules that no probe can meet. Rules that do nothing stand in for them, so that the numbers stay. */
const unfolded = (text: string): string =>
  text.replace(/^~(\S+) (\d+)$/gm, (_, chain: string, count: string) =>
    Array<string>(Math.min(Number(count), MOST_LEFT_OUT))
      .fill(`-A ${chain} ${LEFT_OUT}`)
      .join('\n'),
  )

/** Stands for a rule that no probe can meet about which the script was asked. */
export const LEFT_OUT = '-m comment --comment "left out"'

/** More rules than any machine has. */
const MOST_LEFT_OUT = 200_000

/** What keeps a list from being known, beside what the probe says itself: it was cut before its section. */
export const cutFilters = (text: ProbeText, family: Family): readonly NotSeen[] =>
  SECTIONS.flatMap((section): NotSeen[] =>
    textOf(text, section) === null ? [{ layer: layerOf(section, family), why: 'cut', what: section }] : [],
  )
