import * as v from 'valibot'
import { parseReceiverAddresses, type ReceiverAddress, ReceiverError } from '../delivery/index.ts'
import type { Language } from '../model/language.ts'

/** A receiver by the name that routes and people use. */
export interface ConfiguredReceiver {
  /** Its name in `clb-doctor.json`, or its kind and position in CLB_DOCTOR_SINKS: `wecom-1`. */
  readonly name: string
  readonly address: ReceiverAddress
  /** Whom its messages mention. */
  readonly mentions: readonly string[]
  /** Null: the language of the configuration. */
  readonly language: Language | null
}

export const receiversIn = (language: Language) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, readonly ReceiverAddress[]>(({ dataset, addIssue, NEVER }) => {
      try {
        return parseReceiverAddresses(dataset.value)
      } catch (error) {
        if (!(error instanceof ReceiverError)) throw error
        addIssue({ message: error.text[language] })
        return NEVER
      }
    }),
  )

/** The receivers of CLB_DOCTOR_SINKS, named by kind and position. */
export const namedByPlace = (addresses: readonly ReceiverAddress[]): readonly ConfiguredReceiver[] =>
  addresses.map((address, i) => ({
    name: `${address.kind}-${i + 1}`,
    address,
    mentions: [],
    language: null,
  }))
