import { languageIn, loadConfig } from '../app/config.ts'
import { createContext } from '../app/context.ts'
import { jsonLog } from '../app/log.ts'
import { serve } from '../http/index.ts'
import type { Language } from '../model/language.ts'
import { findScenario, SCENARIOS, startScenario, startWecomStandIn } from '../simulator/index.ts'
import { CliError, EXIT, type Io } from './io.ts'
import * as option from './options.ts'

const DEFAULT = 'sg-blocks-vip'

const OPTIONS = { list: option.flag, lang: option.language, verbose: option.flag, keep: option.flag }

/**
 * The main job on one machine without an account: a simulated cloud and a WeCom stand-in start, the alarm of a scenario
 * is posted to a real server of ours, and the message that arrives is printed.
 */
export async function demoCommand(args: readonly string[], io: Io): Promise<number> {
  const { options, names } = option.read(args, OPTIONS)
  const lang = options.lang ?? languageIn(io.env)
  if (options.list) {
    io.out(listing(lang))
    return EXIT.healthy
  }
  if (names.length > 1) throw new CliError('name one scenario; clb-doctor demo --list shows them')
  const [name = DEFAULT] = names
  const scenario = findScenario(name)
  if (!scenario) throw new CliError(`there is no scenario "${name}"; clb-doctor demo --list shows them`)

  const cloud = await startScenario(scenario)
  const group = await startWecomStandIn({ onMessage: ({ content }) => io.out(`${content}\n`) })
  const env = {
    TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
    TENCENTCLOUD_REGION: scenario.region,
    CLB_DOCTOR_API_ORIGIN: cloud.origin,
    CLB_DOCTOR_SINKS: `wecom+${group.url}`,
    CLB_DOCTOR_LANG: lang,
  }
  const context = createContext(loadConfig(env), jsonLog(options.verbose ? io.err : () => {}, Date.now))
  try {
    const server = await serve(context, { host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${server.address.port}/alarms`
    io.err(`${SAID.scenario[lang]} ${scenario.name}: ${scenario.summary[lang]}\n`)
    const reply = await fetch(url, { method: 'POST', body: JSON.stringify(scenario.alarm()) })
    io.err(`POST ${url} → ${reply.status} ${await reply.text()}\n${SAID.group[lang]}\n\n`)
    await server.stop()
    if (group.messages.length === 0) {
      io.err(`clb-doctor: ${SAID.lost[lang]}\n`)
      return EXIT.inconclusive
    }
    io.err(`\n${SAID.calls[lang].replace('{n}', String(cloud.calls.total()))}\n`)
    if (options.keep) {
      const exports = Object.entries(env).map(([variable, value]) => `export ${variable}='${value}'\n`)
      io.err(`\n${SAID.kept[lang]}\n\n${exports.join('')}\n${SAID.until[lang]}\n`)
      await io.untilStopped()
    } else io.err(`${SAID.next[lang]}\n`)
    return EXIT.healthy
  } finally {
    context.close()
    await Promise.all([cloud.close(), group.close()])
  }
}

const SAID = {
  scenario: { 'zh-CN': '场景', en: 'Scenario' },
  group: { 'zh-CN': '企业微信群收到：', en: 'The WeCom group receives:' },
  calls: {
    'zh-CN': '为此，模拟云应答了 {n} 次签名的 API 调用。',
    en: 'The simulated cloud answered {n} signed API calls for it.',
  },
  kept: {
    'zh-CN':
      '模拟云和模拟的企业微信群继续运行。在另一个终端里设置这些变量，就可以对它执行 diagnose 和 serve：',
    en: 'The simulated cloud and WeCom group stay up. In another shell, these make diagnose and serve talk to them:',
  },
  until: {
    'zh-CN': '发到群里的消息会显示在这里；按 Ctrl-C 结束。',
    en: 'What is sent to the group appears here; Ctrl-C ends it.',
  },
  lost: { 'zh-CN': '消息没有送达', en: 'no message was delivered' },
  next: { 'zh-CN': '其他场景：npm run demo -- --list', en: 'Other scenarios: npm run demo -- --list' },
} as const satisfies Record<string, Record<Language, string>>

function listing(language: Language): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length))
  return SCENARIOS.map(({ name, summary }) => `${name.padEnd(width)}  ${summary[language]}\n`).join('')
}
