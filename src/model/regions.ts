// Short codes: cloud.tencent.com/document/product/248/50863 (Cloud Monitor's own list). For ca, ru and jkt: the code
// lists in the SDK's type comments (dayu v20180709 IPRegion, waf v20180125 Region). sao, xbec and cgoec are the same in
// every public table of region ids seen. A code that only one such table has is left out. The list's numbers are not
// used, because other products have other region numbers (Shanghai is 2 here, 4 there).
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

/** Every region of the table. A scan of all regions uses them if the platform's own list cannot be read. */
export const REGIONS: readonly string[] = [...new Set(Object.values(SHORT_CODES))].sort()

/** The longest name of a region. */
export const MOST_REGION_LETTERS = 40
// Only the form is checked, so that a region opened after this list was written works.
const FULL_NAME = /^(?:ap|na|sa|eu|me|af|au)-[a-z]{3,20}(?:-[a-z0-9]*[a-z][a-z0-9]*){0,2}$/

/**
 * True for a full name such as `ap-guangzhou`, `na-siliconvalley` or `ap-shanghai-fsi`. False for a zone such as
 * `ap-guangzhou-3`.
 */
export const isRegion = (text: string): boolean => text.length <= MOST_REGION_LETTERS && FULL_NAME.test(text)

/** Parses a full name as a person writes it. Null for any other text. */
export const parseRegion = (text: string): string | null => (isRegion(text) ? text : null)

/** The full name for a short code (`gz`) or a full name, in any case. Null for any other text. */
export function parseRegionOrCode(text: string): string | null {
  const name = text.trim().toLowerCase()
  return Object.hasOwn(SHORT_CODES, name) ? (SHORT_CODES[name] ?? null) : parseRegion(name)
}

// The console's own numbers, which its addresses carry as `rid`. Two sources have the same ones: the table in the CLS
// plug-in for Grafana (TencentCloud/cls-grafana-datasource) and the list in the SDK's type comments (RegionId). A
// region that only one source has is left out.
const CONSOLE_NUMBERS: Readonly<Record<string, number>> = {
  'ap-guangzhou': 1,
  'ap-shanghai': 4,
  'ap-hongkong': 5,
  'na-toronto': 6,
  'ap-shanghai-fsi': 7,
  'ap-beijing': 8,
  'ap-singapore': 9,
  'ap-shenzhen-fsi': 11,
  'ap-guangzhou-open': 12,
  'na-siliconvalley': 15,
  'ap-chengdu': 16,
  'eu-frankfurt': 17,
  'ap-seoul': 18,
  'ap-chongqing': 19,
  'ap-mumbai': 21,
  'na-ashburn': 22,
  'ap-bangkok': 23,
  'eu-moscow': 24,
  'ap-tokyo': 25,
  'ap-nanjing': 33,
  'ap-tianjin': 36,
  'ap-shenzhen': 37,
  'ap-taipei': 39,
  'ap-beijing-fsi': 46,
  'ap-qingyuan': 54,
  'ap-jakarta': 72,
  'sa-saopaulo': 74,
}

/** The region with this number, as an address of the console writes it. Null for a number that is not in the table. */
export const regionOfConsoleNumber = (number: string): string | null =>
  Object.entries(CONSOLE_NUMBERS).find(([, own]) => String(own) === number)?.[0] ?? null

/** The number of a region in the addresses of the console. Null for a region that is not in the table. */
export const consoleNumberOf = (region: string): number | null =>
  Object.hasOwn(CONSOLE_NUMBERS, region) ? (CONSOLE_NUMBERS[region] ?? null) : null
