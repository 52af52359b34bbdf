import type { RecordedCommands } from '../../model/guest.ts'
import type { NotSeen } from '../facts.ts'
import { type Recording, recordingOf, whyNot } from './recording.ts'

/** The recordings by the name of their file, with what could not be read of them. */
export interface Folder {
  readonly of: (name: string) => Recording | null
  /** What it printed, if it ended well. */
  readonly printed: (name: string) => string | null
  /** Why none of these can be read: the reason of the first that is there. */
  readonly missing: (layer: NotSeen['layer'], ...names: readonly string[]) => NotSeen
}

export function folderOf({ files }: RecordedCommands): Folder {
  const all = new Map(Object.entries(files).map(([name, text]) => [name, recordingOf(text)] as const))
  const of = (name: string): Recording | null => all.get(name) ?? null
  return {
    of,
    printed: (name) => {
      const one = of(name)
      return one === null || whyNot(one) !== null ? null : one.stdout
    },
    missing: (layer, ...names) => {
      const first = names.find((name) => all.has(name))
      const one = first === undefined ? null : of(first)
      const why = one === null ? null : whyNot(one)
      return { layer, why: why ?? 'left-out', what: one?.command ?? names[0] ?? layer }
    },
  }
}
