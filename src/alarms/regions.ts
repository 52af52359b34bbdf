import type { Alarm } from '../model/alarm.ts'
import { text } from './fields.ts'

// Short codes: cloud.tencent.com/document/product/248/50863 (Cloud Monitor's own list), and the code lists in the
// SDK's type comments (dayu v20180709 IPRegion, waf v20180125 Region) for ca, ru and jkt; sao, xbec and cgoec are
// the same in every public table of region ids seen. A code that only one such table has is left out.
// The list's numbers are not used: they are not the region ids of other products (Shanghai is 2 here, 4 there).
const SHORT_CODES: Readonly<Record<string, string>> = {
  gz: 'ap-guangzhou',
  gzopen: 'ap-guangzhou-open',
  szx: 'ap-shenzhen',
  szjr: 'ap-shenzhen-fsi',
  sh: 'ap-shanghai',
  shjr: 'ap-shanghai-fsi',
  bj: 'ap-beijing',
  bjjr: 'ap-beijing-fsi',
  cd: 'ap-chengdu',
  cq: 'ap-chongqing',
  nj: 'ap-nanjing',
  tsn: 'ap-tianjin',
  qy: 'ap-qingyuan',
  jnec: 'ap-jinan-ec',
  hzec: 'ap-hangzhou-ec',
  fzec: 'ap-fuzhou-ec',
  whec: 'ap-wuhan-ec',
  csec: 'ap-changsha-ec',
  sjwec: 'ap-shijiazhuang-ec',
  hfeec: 'ap-hefei-ec',
  sheec: 'ap-shenyang-ec',
  xiyec: 'ap-xian-ec',
  xbec: 'ap-xibei-ec',
  cgoec: 'ap-zhengzhou-ec',
  hk: 'ap-hongkong',
  tpe: 'ap-taipei',
  sg: 'ap-singapore',
  th: 'ap-bangkok',
  jkt: 'ap-jakarta',
  in: 'ap-mumbai',
  kr: 'ap-seoul',
  jp: 'ap-tokyo',
  usw: 'na-siliconvalley',
  use: 'na-ashburn',
  ca: 'na-toronto',
  sao: 'sa-saopaulo',
  de: 'eu-frankfurt',
  ru: 'eu-moscow',
}

/** Every region in the table: what a scan of all regions asks where the platform's own list is not to be had. */
export const REGIONS: readonly string[] = [...new Set(Object.values(SHORT_CODES))].sort()

const LONGEST_NAME = 40
// A full name passes by its form, so that a region opened after this list was written works.
const FULL_NAME = /^(?:ap|na|sa|eu|me|af|au)-[a-z]{3,20}(?:-[a-z0-9]*[a-z][a-z0-9]*){0,2}$/

/** The full region name of a short code (`gz`) or of a full name; null for anything else, zones included. */
export function region(value: unknown): string | null {
  const name = text(value)?.toLowerCase() ?? null
  if (name === null) return null
  if (Object.hasOwn(SHORT_CODES, name)) return SHORT_CODES[name] ?? null
  return name.length <= LONGEST_NAME && FULL_NAME.test(name) ? name : null
}

/** The first value that is a region; where none is, what was given in its place. */
export function inRegion(...values: readonly unknown[]): Pick<Alarm, 'region' | 'unknownRegion'> {
  const known = values.map((value) => region(value)).find((name) => name !== null) ?? null
  const given = values.map((value) => text(value)).find((name) => name !== null && /[\p{L}\p{N}]/u.test(name))
  return { region: known, unknownRegion: (known === null ? given?.slice(0, LONGEST_NAME) : null) ?? null }
}
