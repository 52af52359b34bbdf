import type { Environment } from '../app/config.ts'
import { type Language, parseLanguage } from '../model/language.ts'

const DEFAULT: Language = 'zh-CN'
const OPTION = '--lang'

/**
 * The language of one run: `--lang`, else `CLB_DOCTOR_LANG`, else `LANG` if somebody reads the result on a terminal.
 * It is known before the options are parsed, so that errors of options are in it, too. A wrong `--lang` or
 * `CLB_DOCTOR_LANG` is passed over here; the command refuses it later.
 */
export function languageOf(
  args: readonly string[],
  env: Environment,
  { isTerminal }: { readonly isTerminal: boolean },
): Language {
  return (
    parseLanguage(optionIn(args) ?? '') ??
    parseLanguage(env.CLB_DOCTOR_LANG ?? '') ??
    (isTerminal ? ofLocale(env.LANG ?? '') : null) ??
    DEFAULT
  )
}

/** The last one counts, as `parseArgs` has it. */
function optionIn(args: readonly string[]): string | undefined {
  const at = args.findLastIndex((arg) => arg === OPTION || arg.startsWith(`${OPTION}=`))
  const arg = args[at]
  return arg === OPTION ? args[at + 1] : arg?.slice(OPTION.length + 1)
}

/** `zh_CN.UTF-8`, `en_GB.UTF-8`, `en`. */
function ofLocale(locale: string): Language | null {
  if (/^zh/i.test(locale)) return 'zh-CN'
  return /^en/i.test(locale) ? 'en' : null
}
