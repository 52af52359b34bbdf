// Masks what looks like a credential: in the names of fields, and inside text. It masks too much rather than too little,
// because what it shows only serves to see the shape of a payload. All patterns take time in proportion to the text.

export const MASK = '***'

/** Anywhere in a name. */
const STRONG =
  'secret|token|passw|passphrase|passcode|pwd|authorization|signature|cookie|credential|bearer|jwt|密码|口令|密钥|令牌|凭证|授权码'
/** At the end of a name, such as `apiKey` and `x-auth`. */
const WEAK = 'key|sig|sign|pass|auth|pin|otp|psk|dsn|hmac|pw'
const NAME = String.raw`(?:(?:${STRONG})[\w-]{0,40}|${WEAK}|(?<!sa)creds?)`

const STRONG_NAME = new RegExp(STRONG, 'i')
const WEAK_WORDS = new Set([...WEAK.split('|'), 'ak', 'sk', 'cred', 'creds'])
/** Ends in a weak word, and is the name of a group of alerts. */
const HARMLESS = new Set(['groupKey', 'dedupKey', 'dedup_key'])

/** Is this the name of a field, header or option that holds a credential? */
export function isSecretName(name: string): boolean {
  if (name.length > 128 || HARMLESS.has(name)) return false
  if (STRONG_NAME.test(name)) return true
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return words.some((word, i) => WEAK_WORDS.has(word) && (word !== 'key' || i === words.length - 1))
}

/** An option of a command whose next word is a credential: `-u user:password`, `--password x`. */
export const isSecretOption = (word: string): boolean =>
  /^-[uU]$|^--(?:proxy-)?user(?:name)?$/.test(word) || (word.startsWith('--') && isSecretName(word.slice(2)))

/** A space, a line break, or one that is escaped. */
const WS = String.raw`(?:\s|\\{1,7}[nrt])`
const QUOTED = String.raw`"(?:[^"\\]|\\[^])*"?|\\{1,7}"[^"]*"?|'(?:[^'\\]|\\[^])*'?|[[{(][^\]})]*[\]})]?`
const SCHEME = String.raw`(?:(?:Bearer|Basic|Digest|Token)\s+)?`

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z0-9 ]{1,40}-----[\s\S]*?(?:-----END [A-Z0-9 ]{1,40}-----|$)/g, MASK],
  // A header in text, to the end of its line: its value can have several words and quotes.
  [
    /((?:proxy-)?authorization|(?:set-)?cookie)(\s{0,3}[:=]\s{0,9})(?!["'[{\\])(?:(Basic|Bearer)\s+[^\s"'\\]+|[^\r\n]+)/gi,
    `$1$2${MASK}`,
  ],
  // curl -u user:password, as words or as a list of words.
  [/((?:^|[\s"'[,])-[uU])[\s"',=\\]{0,9}[^\s"',\\]+/g, `$1 ${MASK}`],
  [/(--(?:proxy-)?user(?:name)?)[\s"',=\\]{1,9}[^\s"',\\]+/g, `$1 ${MASK}`],
  [new RegExp(String.raw`(--[\w-]{0,40}?${NAME})[\s"',=\\]{1,9}[^\s"',\\]+`, 'gi'), `$1 ${MASK}`],
  [/\b(mysql\w*|mariadb|sshpass|mongo\w*|redis-cli)\b([^\r\n]{0,200}?\s-[pa])\s?\S+/gi, `$1$2 ${MASK}`],
  [
    /\b((?:docker|podman|nerdctl|helm)\b[^\r\n]{0,40}?\blogin\b[^\r\n]{0,200}?[\s"',]-p)[\s"',=\\]{0,9}[^\s"',\\]+/gi,
    `$1 ${MASK}`,
  ],
  [/\b(curl|ldap\w{1,20}|openssl)\b([^\r\n]{0,200}?\s-[bwk])[\s"'\\]{0,9}[^\s"'\\]+/gi, `$1$2 ${MASK}`],
  // <add key="Password" value="…"/>
  [
    new RegExp(
      String.raw`(\b(?:key|name)\\{0,7}=\\{0,7}["'][\w.:-]{0,40}?${NAME}\\{0,7}["']\s{1,9}value=\\{0,7}["'])[^"'\\]+`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  // password p4ss: a word of a sentence has no digit.
  [/\b(passw(?:or)?d|secret_?key)(\s{1,3})(?=[^\s\d"'\\]{0,40}\d)[^\s"'\\]{4,}/gi, `$1$2${MASK}`],
  // token p4ss, 口令 p4ss: a number alone is a time or a count.
  [
    /(\b(?:passphrase|passcode|token)|密码|口令|密钥|令牌|凭证|授权码)(\s{1,3})(?=[^\s\d"'\\]{0,40}\d)(?=[^\sa-z"'\\]{0,40}[a-z])[!#-&(-[\]-~]{4,}/gi,
    `$1$2${MASK}`,
  ],
  // 密钥是p4ss
  [/(密钥|令牌|凭证|授权码)(\s{0,3}[为是]\s{0,3})[!#-&(-[\]-~]{4,}/g, `$1$2${MASK}`],
  [/\b(identified\s+by)\s+\S+/gi, `$1 ${MASK}`],
  // <password>…</password>
  [new RegExp(String.raw`(<[\w:-]{0,40}?${NAME}[^>]{0,80}>)[^<]+`, 'gi'), `$1${MASK}`],
  // "name":"Authorization","value":"…", or ["Authorization","…"], in a text that is not JSON as a whole.
  [
    new RegExp(
      String.raw`((?:\\{0,7}["'])(?:[\w-]{0,40}?${NAME})\\{0,7}["']\s{0,9},\s{0,9}(?:\\{0,7}["'](?:values?|val|v|content|text)\\{0,7}["']\s{0,9}:\s{0,9})?)(?:${QUOTED})`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  // token=…, "token": "…", 'token' => '…', \"token\":\"…\" (JSON in a string), token: {…}, token%3D…
  [
    new RegExp(
      String.raw`(${NAME}(?:\\{0,7}["']|%22)?\s{0,9}(?:=>|[:=：＝]|%3[ad]|\\u003[ad])\s{0,9}(?:[|>][+-]?${WS}{1,9})?(?:%22)?)${SCHEME}(?!\*\*\*)(?:${QUOTED}|[^\s&"'\\}\]]+)`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  // password: several words
  [
    /((?:passw|passphrase|secret|密码|口令)[\w-]{0,40}(?:\s{0,3}[:：]\s{1,3}|\s{1,3}(?:is|was)\s{1,3}|[为是])(?:\*\*\*)?)(?!["'[{\\])[^\r\n"'\\}\]]+/gi,
    `$1${MASK}`,
  ],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, `$1 ${MASK}`],
  // A JSON web token.
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, MASK],
  // Keys that say whose they are.
  [
    /\b(?:AKID|AKIA|ASIA|LTAI|gh[pousr]_|github_pat_|glpat-|xox[a-z]-|sk[-_]|rk_|whsec_|npm_|pypi-|hf_|AIza|ya29\.|SG\.|SCT\d)[\w.-]{8,}/g,
    MASK,
  ],
  // The user of a URL, whose password may have a slash or an at sign in it.
  [/(:\/\/)[^\s/"'\\]{1,200}@/g, `$1${MASK}@`],
  [/(:\/\/)[^\s/@:"'\\]{1,100}:[^\s"'\\]{1,200}@/g, `$1${MASK}@`],
  [/(^|[\s"'=(])[\w.+-]{1,64}:[^\s@"'\\]{1,100}@(?=[\w-])/g, `$1${MASK}@`],
  [/([?&](?:code|ticket|session|sid|hash|mac)=)[^&"'\\\s]+/gi, `$1${MASK}`],
  // In the URLs of some webhooks the path is the secret: Slack, Feishu, Discord, Teams, Telegram.
  [/(\/(?:services|hooks?|webhooks?|webhookb2|workflows|triggers)\/)[^\s"'\\]+/gi, `$1${MASK}`],
  [/(\/bot)\d{5,}:[\w-]+/g, `$1${MASK}`],
]

/** Long random text: hexadecimal digits, or letters of both cases with digits. */
const RANDOM = /[A-Za-z0-9+/_=-]{40,}/g
const isRandom = (text: string): boolean =>
  /^[0-9a-f]+$/i.test(text) ? /\d/.test(text) : /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text)

/** The text without what looks like a credential. */
export const masked = (text: string): string =>
  PATTERNS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), text).replace(RANDOM, (found) =>
    isRandom(found) ? MASK : found,
  )
