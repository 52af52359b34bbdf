import type { AclEntry } from '../../model/snapshot.ts'
import { enumerated, filled, inEachLanguage } from '../../text/index.ts'
import type { RuleEdit } from './rule-edit.ts'
import { TEXTS } from './texts.ts'

interface Placed {
  readonly isInserted: boolean
  readonly entries: readonly AclEntry[]
  readonly wanted: readonly AclEntry[]
}

/**
 * Where the entries of an ACL go. The API's page does not say what happens at a priority that is taken (platform facts
 * B), so the text says what to do if the call is refused.
 */
export function placeTexts(parts: readonly Placed[]): Pick<RuleEdit, 'position' | 'notes'> {
  const of = ({ entries, wanted }: Placed): readonly AclEntry[] => (entries.length > 0 ? entries : wanted)
  const before = parts.filter(({ isInserted }) => isInserted)
  if (before.length === 0) return { position: TEXTS.position.last, notes: [] }
  const places = [...new Set(before.map((part) => String(of(part)[0]?.priority)))]
  const place = inEachLanguage((language) => enumerated(places, language))
  return {
    position: filled(TEXTS.position.entry, { place }),
    notes: [TEXTS.refused],
  }
}
