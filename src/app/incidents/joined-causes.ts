import { joinedSummary } from '../../diagnosis/index.ts'
import type { Language } from '../../model/language.ts'
import { joinCauses } from '../../scan/index.ts'

/** The causes of several CLBs, each once. `order`: the place of each CLB. Loaded at the first message about several. */
export const joinedCauses = (
  causes: Parameters<typeof joinCauses>[0],
  order: ReadonlyMap<string, number>,
  language: Language,
): ReturnType<typeof joinCauses> => joinCauses(causes, order, { joined: joinedSummary }, language)
