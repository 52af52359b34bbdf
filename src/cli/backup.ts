import { backUpStore } from '../app/backup.ts'
import { t } from '../text/index.ts'
import { CliError, EXIT, type Io } from './io.ts'
import { read } from './options.ts'
import { TEXTS } from './texts.ts'

/** `clb-doctor backup FILE`: copies the store of `serve`. Returns the exit status. */
export async function backupCommand(args: readonly string[], io: Io): Promise<number> {
  const { language } = io
  const { names } = read(args, {}, language)
  const [file, extra] = names
  if (!file) throw new CliError(TEXTS.backup.noFile[language])
  if (extra !== undefined) throw new CliError(t(TEXTS.serve.extra, { extra }, language))
  await backUpStore(io.env, file)
  io.progress(t(TEXTS.backup.done, { file }, language))
  return EXIT.healthy
}
