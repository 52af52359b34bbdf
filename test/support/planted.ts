/** A word that no payload has by itself. It looks like nothing, so only its place gives it away. */
export const PLANTED = 'p1anted'

const json = JSON.stringify
const b64 = (text: string): string => Buffer.from(text).toString('base64url')
/** Of the form that a web token has. */
const JWT = `${b64('{"alg":"HS256"}')}.${b64(`{"sub":"${PLANTED}"}`)}.${PLANTED}`
const PEM = ['-----BEGIN PRIVATE KEY-----', PLANTED, PLANTED, '-----END PRIVATE KEY-----'].join('\n')

/** The kinds of credentials that payloads are seen with, each with its place in a payload. */
export const PLANTED_KINDS: readonly (readonly [string, unknown])[] = [
  // Names of fields.
  ['a field Authorization', { Authorization: `Basic ${PLANTED}` }],
  ['a field key', { key: PLANTED }],
  ['a field sig', { sig: PLANTED, sign: PLANTED }],
  ['a field pass', { pass: PLANTED }],
  ['a field auth', { auth: PLANTED }],
  ['a field auth with user and password', { auth: ['admin', PLANTED] }],
  ['a field passphrase', { passphrase: PLANTED }],
  ['a field pwd', { pwd: PLANTED }],
  ['fields with other names', { credential: PLANTED, private_key: PLANTED, 'x-api-key': PLANTED }],
  [
    'fields in camel case',
    { accessKey: PLANTED, routingKey: PLANTED, webhookAuth: PLANTED, dbPass: PLANTED },
  ],
  ['a field in Chinese', { 密码: PLANTED, 访问令牌: PLANTED }],
  ['a list or an object', { tokens: [PLANTED], secret: { value: PLANTED } }],
  ['a label', { alerts: [{ labels: { alertname: 'X', token: PLANTED } }] }],
  // Names beside their values.
  ['a header as name and value', { headers: [{ name: 'Authorization', value: PLANTED }] }],
  ['a header as key and values', { Headers: [{ Key: 'X-Token', Values: [PLANTED] }] }],
  ['a header as a pair', { headers: [['Authorization', `Basic ${PLANTED}`]] }],
  ['raw headers', { rawHeaders: ['Host', 'h', 'X-Api-Key', PLANTED] }],
  ['the words of a command', { args: ['curl', '-u', `admin:${PLANTED}`, '--token', PLANTED] }],
  // JSON in a string.
  ['JSON in a string', { Message: json({ inner: { secretKey: PLANTED } }) }],
  ['JSON in JSON in a string', { a: json({ b: json({ token: PLANTED }) }) }],
  ['JSON in a string that was cut', { a: `${json({ b: { token: PLANTED } }).slice(0, -3)}` }],
  ['JSON that was cut', `{"a":1,"token":"${PLANTED}`],
  ['JSON with an object that was cut', `{"a":1,"secret":{"value":"${PLANTED}`],
  ['single quotes', `{'token':'${PLANTED}'}`],
  ['a quoted password with a quote in it', `{"password":"a\\"${PLANTED}", x`],
  // Text.
  ['form data', `token=${PLANTED}&x=1`],
  ['form data that is encoded', `body=%7B%22token%22%3A%22${PLANTED}%22%7D&token%3D${PLANTED}`],
  ['plain text', `password: ${PLANTED}`],
  ['plain text with several words', { text: `the password: correct ${PLANTED} battery` }],
  ['a sentence', { text: `Its password is ${PLANTED}` }],
  ['a Chinese sentence', { text: `密码：${PLANTED}，口令为${PLANTED}` }],
  ['an environment variable', { text: `export DB_PASSWORD='${PLANTED}' TENCENTCLOUD_SECRETKEY=${PLANTED}` }],
  ['a connection string', { text: `Server=db;Uid=app;Pwd=${PLANTED};` }],
  ['YAML', { text: `password: |\n  ${PLANTED}\n` }],
  ['XML', `<auth><user>u</user><password type="plain">${PLANTED}</password></auth>`],
  ['a map of another language', { text: `{'password' => '${PLANTED}'}` }],
  // Headers in text.
  ['a header line', `Authorization: Bearer ${PLANTED}`],
  ['a header line of another scheme', { text: `Authorization: Digest username="u", response="${PLANTED}"` }],
  ['a header line without a scheme', { text: `authorization: ${PLANTED} ${PLANTED}` }],
  ['a cookie line', { text: `Cookie: theme=dark; session=${PLANTED}` }],
  ['a scheme without its header', { text: `sent Basic ${PLANTED}` }],
  // Commands.
  ['curl -u', { text: `curl -u admin:${PLANTED} https://example.com` }],
  ['curl --user', { text: `curl --user=admin:${PLANTED} https://example.com` }],
  ['curl -H', { text: `curl -H "Authorization: Basic ${PLANTED}" -H 'X-Token: ${PLANTED}' https://x` }],
  ['an option', { text: `run --password ${PLANTED} --api-key=${PLANTED}` }],
  ['mysql -p', { text: `mysql -u root -p${PLANTED} -h db` }],
  ['curl -U', { text: `curl -U u:${PLANTED} x; curl --proxy-user u:${PLANTED} https://x` }],
  ['curl -b', { text: `curl -b s=${PLANTED} https://x` }],
  ['curl --cookie', { text: `curl --cookie "s=${PLANTED}" https://x` }],
  ['ldapsearch -w', { text: `ldapsearch -x -w ${PLANTED} -b dc=x` }],
  ['openssl -k', { text: `openssl enc -aes-256-cbc -k ${PLANTED}` }],
  ['an XML attribute', { text: `<add key="Password" value="${PLANTED}"/>` }],
  [
    'a pair with short names',
    {
      fields: [
        { k: 'token', v: PLANTED },
        { name: 'password', value: PLANTED },
      ],
    },
  ],
  ['a name and a space', { text: `SecretKey ${PLANTED}, passwd ${PLANTED}, password ${PLANTED}` }],
  ['short names', { text: `pw=${PLANTED} cred: ${PLANTED}` }],
  ['fields with short names', { cred: PLANTED, dbCreds: PLANTED, pw: PLANTED }],
  ['a Chinese sentence about keys', { text: `密钥是${PLANTED}，令牌为 ${PLANTED}` }],
  ['a Chinese name and a space', { text: `口令 ${PLANTED}，密钥 ${PLANTED}` }],
  ['an English name and a space', { text: `passphrase ${PLANTED}, token ${PLANTED}` }],
  ['docker login', { text: `docker login -u ci -p ${PLANTED} ccr.ccs.tencentyun.com` }],
  ['the words of docker login', { args: ['docker', 'login', '-u', 'ci', '-p', PLANTED] }],
  // Known forms.
  ['a web token', { text: `got ${JWT}` }],
  ['a PEM block', { text: `key\n${PEM}` }],
  ['a PEM block that was cut', { text: PEM.slice(0, -30) }],
  ['a key that says whose it is', { text: `ghp_${PLANTED}0000 AKID${PLANTED}0000 xoxb-1-${PLANTED}00` }],
  ['random text', { text: `id ${`${PLANTED}Xy`.repeat(6)} end` }],
  // Addresses.
  ['the user of a URL', { url: `https://user:${PLANTED}@example.com/` }],
  ['the user of a URL with a slash in the password', { url: `smtp://user:a/${PLANTED}@example.com/` }],
  ['the user of a URL without a password', { url: `https://${PLANTED}@api.example.com/` }],
  ['an address without a scheme', { text: `connect to app:${PLANTED}@db.internal:3306` }],
  ['the query of a URL', { url: `https://x/?apikey=${PLANTED}&sign=${PLANTED}&key=${PLANTED}` }],
  ['a WeCom bot', { url: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${PLANTED}` }],
  ['a DingTalk bot', { url: `https://oapi.dingtalk.com/robot/send?access_token=${PLANTED}` }],
  ['a Feishu bot', { url: `https://open.feishu.cn/open-apis/bot/v2/hook/${PLANTED}` }],
  ['a Slack webhook', { url: `https://hooks.slack.com/services/T0/B0/${PLANTED}` }],
  ['a Discord webhook', { url: `https://discord.com/api/webhooks/1/${PLANTED}` }],
  ['a Telegram bot', { url: `https://api.telegram.org/bot123456:${PLANTED}/sendMessage` }],
  [
    'a signed address',
    { url: `https://x.blob.example.com/c?se=1&sig=${PLANTED}&X-Amz-Signature=${PLANTED}` },
  ],
  ['an address as the name of a field', { [`https://x/?key=${PLANTED}`]: 1 }],
  // Places.
  ['a field after a long text', { text: 'x'.repeat(1500), token: PLANTED.repeat(200) }],
  ['a field in a deep place', { a: { b: { c: [{ d: [{ e: { auth: PLANTED } }] }] } } }],
]
