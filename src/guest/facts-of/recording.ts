import type { NotSeen } from '../facts.ts'

// One file of a folder of recordings: `$ command`, what it printed, `--stderr--` with what it complained about, and
// `--exit N--`.

export interface Recording {
  /** Null if the file does not tell. */
  readonly command: string | null
  readonly stdout: string
  readonly stderr: string
  /** Null: the file was cut before its end. */
  readonly exit: number | null
}

const EXIT = /(?:^|\n)?--exit (\d+)--\s*$/
const STDERR = '--stderr--'

export function recordingOf(text: string): Recording {
  const lines = text.replaceAll('\r\n', '\n')
  const command = /^\$ (.*)(?:\n|$)/.exec(lines)
  const body = command ? lines.slice(command[0].length) : lines
  const end = EXIT.exec(body)
  const printed = end ? body.slice(0, body.lastIndexOf('--exit ')) : body
  const at = printed.indexOf(STDERR)
  return {
    command: command?.[1] ?? null,
    stdout: at < 0 ? printed : printed.slice(0, at),
    stderr: at < 0 ? '' : printed.slice(at + STDERR.length).replace(/^\n/, ''),
    exit: end ? Number(end[1]) : null,
  }
}

const NO_TOOL = /not found|No such file or directory|applet not found/i
const NO_RIGHT = /permission denied|operation not permitted|must be root|you must be root/i

/** Why a recording cannot be read. Null if it can. */
export function whyNot({ exit, stderr }: Recording): NotSeen['why'] | null {
  if (exit === null) return 'cut'
  if (exit === 0) return null
  if (exit === 127 || (exit === 126 && NO_TOOL.test(stderr))) return 'tool'
  return NO_RIGHT.test(stderr) ? 'permission' : 'failed'
}
