// guest/ reads what came back from one machine and says what the probes from each source meet there. path/ calls it. It
// is pure: text in, facts and outcomes out. What could not be read leaves an outcome unknown. It may not know a target's
// health, a finding's text or a language.

export { toolOf } from '../filter/index.ts'
export { endOf } from './evaluate/ends.ts'
export { evaluateGuest } from './evaluate/index.ts'
export { isTiny } from './evaluate/sets.ts'
export type {
  GuestCheck,
  GuestEvaluation,
  GuestPart,
  GuestReason,
  GuestStage,
  Observed,
  ProbesSeen,
} from './evaluation.ts'
export type {
  Connection,
  Device,
  FilterSample,
  GuestFacts,
  KernelCounters,
  Listening,
  LocalRequest,
  NotSeen,
  RequestEnd,
} from './facts.ts'
export { factsOf, isWrappedProbe, probeOutputsIn, withoutBlankLines } from './facts-of/index.ts'
export { cidrsOf, outcomesOf, type SourceOutcome, sourcesIn, usualSources } from './outcomes.ts'
export { requestKeyOf, withoutOwnRequests } from './request-key.ts'
export {
  type Asked,
  createCommandLine,
  encodeParameters,
  encodePeer,
  judgeOptions,
  PARAMETER,
  type Place,
  pasteCommand,
  pasteText,
  probeSeconds,
  registeredName,
  registeredText,
  type ScriptFor,
  scriptCommand,
  scriptHash,
  scriptText,
  scriptWith,
  whichPool,
  windowsCommands,
} from './script/index.ts'
export { tellingReasons } from './telling.ts'
export { PROBE_AGENT, USUAL_CODES, USUAL_TIMEOUT } from './usual.ts'
