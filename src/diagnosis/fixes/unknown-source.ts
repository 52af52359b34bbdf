import type { Fix } from '../../model/diagnosis.ts'
import type { Language, Text } from '../../model/language.ts'
import type { EvaluatedTarget, UnknownSource } from '../../path/index.ts'
import { enumerated, t } from '../../text/index.ts'
import { TEXTS } from './texts.ts'

const SOURCES: Readonly<Record<UnknownSource, Text>> = TEXTS.unknownSource.sources

/**
 * Advice for rules that deny every address, if it is not known from which one the probes come. Only a rule that opens
 * everything could be proven, so this names the sources that it may be. Null if the sources are known.
 */
export function unknownSourceAdvice(
  targets: readonly EvaluatedTarget[],
  id: string,
  clb: string,
  language: Language,
): Fix | null {
  const plans = targets.flatMap(({ plan }) => (plan.kind === 'probe' ? plan : []))
  const whys = new Set(
    plans.flatMap(({ origins }) => origins.flatMap((origin) => (origin.sources === null ? origin.why : []))),
  )
  if (whys.size === 0) return null
  const services = plans.map(({ protocol, port }) =>
    port === null ? protocol.toUpperCase() : `${protocol.toUpperCase()} ${port}`,
  )
  const params = {
    id,
    services: enumerated([...new Set(services)], language),
    sources: enumerated(
      [...whys].map((why) => t(SOURCES[why], { clb }, language)),
      language,
    ),
  }
  return { kind: 'advice', summary: t(TEXTS.unknownSource.advice, params, language), verified: false }
}
