import type { Draft, GivenPlan } from '../../checks/index.ts'
import type { Fix } from '../../model/diagnosis.ts'
import type { Text } from '../../model/language.ts'
import type { Paths } from '../../path/index.ts'
import { sentences, t } from '../../text/index.ts'
import { backendsUndo } from './backends-undo.ts'
import { checkUndo } from './check-undo.ts'
import { doneBy } from './done-by.ts'
import type { Wording } from './moment.ts'
import { TEXTS } from './texts.ts'

/** A fix as the check gives it, behind one that takes a change back. */
export function givenFix(draft: Draft, plan: GivenPlan, text: Text, read: Paths, wording: Wording): Fix {
  const { language } = wording
  const { kind, commands, left = 0 } = plan
  const summary = sentences(
    [
      t(text, draft.params, language),
      ...(left > 0 ? [t(TEXTS.left, { count: commands?.length ?? 0, left }, language)] : []),
    ],
    language,
  )
  const own = (plan.notes ?? []).map((note) => note[language])
  const notes = [...own, ...doneBy(draft, read, wording)]
  const given: Fix = {
    kind,
    summary,
    ...(commands ? { commands } : {}),
    verified: plan.verified === true,
    ...(notes.length > 0 ? { notes } : {}),
  }
  const undo = backendsUndo(draft, read, language) ?? checkUndo(draft, read, wording)
  if (!undo) return given
  return undo.kind === 'restore' ? { ...undo, alternatives: [given] } : undo
}
