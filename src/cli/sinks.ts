import { toldFrom } from '../app/config.ts'
import { testReceivers } from '../app/receiver-test.ts'
import type { Language } from '../model/language.ts'
import { nearest } from '../model/nearest.ts'
import { t } from '../text/index.ts'
import { loadFileHere } from './files.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { optionsIn, read } from './options.ts'
import { TEXTS } from './texts.ts'

const WORDS = TEXTS.sinks

const optionsOf = (language: Language) => ({ lang: optionsIn(language).language })

/** `clb-doctor sinks test [NAME]`: sends a harmless message to each receiver, or to one. Returns the exit status. */
export async function sinksCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { names } = read(args, optionsOf(language), language)
  const [action, name, extra] = names
  if (action !== 'test') throw new CliError(WORDS.noAction[language])
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  const config = toldFrom(io.env, loadFileHere(io))
  const known = config.receivers.map((one) => one.name)
  if (known.length === 0) throw new CliError(WORDS.nobody[language])
  const chosen = config.receivers.filter((one) => name === undefined || one.name === name)
  if (name !== undefined && chosen.length === 0) {
    const meant = nearest(name, known)
    throw new CliError(
      meant === null
        ? t(WORDS.unknown, { name, known }, language)
        : t(WORDS.unknownNear, { name, meant, known }, language),
    )
  }
  const answers = await testReceivers(chosen, config, language)
  io.out(answers.map(({ line }) => `${line}\n`).join(''))
  return answers.every(({ isTaken }) => isTaken) ? EXIT.healthy : EXIT.diagnosed
}
