import { loadConfig, readerFrom } from '../app/config.ts'
import { createContext } from '../app/create.ts'
import { jsonLog } from '../app/log.ts'
import { serve } from '../http/index.ts'
import type { Language } from '../model/language.ts'
import { findScenario, SCENARIOS, startScenario, startWecomStandIn } from '../simulator/index.ts'
import { t } from '../text/index.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { flag, optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'
import { wecomOnScreen } from './wecom-screen.ts'

const DEFAULT = 'sg-blocks-vip'

const optionsOf = (language: Language) => ({
  list: flag,
  lang: optionsIn(language).language,
  verbose: flag,
  keep: flag,
})

/**
 * `clb-doctor demo`: shows a diagnosis without a cloud account. It starts a simulated cloud, a stand-in for WeCom and a
 * real clb-doctor server. It posts the alarm of a scenario to the server and prints the message that WeCom receives.
 * Returns the exit status.
 */
export async function demoCommand(args: readonly string[], io: Io): Promise<number> {
  const { language: lang } = io
  const { options, names } = read(args, optionsOf(lang), lang)
  // Refuses a wrong variable, for example CLB_DOCTOR_LANG.
  readerFrom(io.env)
  if (options.list) {
    io.out(listing(lang))
    return EXIT.healthy
  }
  if (names.length > 1) throw new CliError(TEXTS.demo.oneScenario[lang])
  const [name = DEFAULT] = names
  const scenario = findScenario(name)
  if (!scenario) throw new CliError(t(TEXTS.demo.noScenario, { name }, lang))

  const cloud = await startScenario(scenario)
  const group = await startWecomStandIn({
    onMessage: ({ content }) => io.out(`${io.isTerminal ? wecomOnScreen(content, io) : content}\n`),
  })
  const env = {
    TENCENTCLOUD_SECRETID: cloud.credentials.secretId,
    TENCENTCLOUD_SECRETKEY: cloud.credentials.secretKey,
    TENCENTCLOUD_REGION: scenario.region,
    CLB_DOCTOR_API_ORIGIN: cloud.origin,
    CLB_DOCTOR_SINKS: `wecom+${group.url}`,
    CLB_DOCTOR_LANG: lang,
    ...(scenario.command ? { CLB_DOCTOR_IN_GUEST: 'on', CLB_DOCTOR_TAT_COMMAND: scenario.command } : {}),
    ...(cloud.cluster ? { KUBECONFIG: cloud.cluster.path } : {}),
  }
  const context = createContext(loadConfig(env), jsonLog(options.verbose ? io.err : () => {}, Date.now), {
    canWait: true,
  })
  try {
    const server = await serve(context, { host: '127.0.0.1', port: 0 })
    const url = `http://127.0.0.1:${server.address.port}/alarms`
    io.err(`${TEXTS.demo.scenario[lang]} ${scenario.name}: ${scenario.summary[lang]}\n`)
    const reply = await fetch(url, { method: 'POST', body: JSON.stringify(scenario.alarm()) })
    io.err(`POST ${url} → ${reply.status} ${await reply.text()}\n${TEXTS.demo.group[lang]}\n\n`)
    await server.stop()
    if (group.messages.length === 0) {
      io.err(`clb-doctor: ${TEXTS.demo.lost[lang]}\n`)
      return EXIT.inconclusive
    }
    io.err(`\n${t(TEXTS.demo.calls, { n: cloud.calls.total() }, lang)}\n`)
    if (options.keep) {
      const exports = Object.entries(env).map(([variable, value]) => `export ${variable}='${value}'\n`)
      io.err(`\n${TEXTS.demo.kept[lang]}\n\n${exports.join('')}\n${TEXTS.demo.until[lang]}\n`)
      await io.untilStopped()
    } else io.err(`${TEXTS.demo.next[lang]}\n`)
    return EXIT.healthy
  } finally {
    context.close()
    await Promise.all([cloud.close(), group.close()])
  }
}

function listing(language: Language): string {
  const width = Math.max(...SCENARIOS.map(({ name }) => name.length))
  return SCENARIOS.map(({ name, summary }) => `${name.padEnd(width)}  ${summary[language]}\n`).join('')
}
