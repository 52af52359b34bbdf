import * as v from 'valibot'

/**
 * A schema of a text from outside. `parse` returns null for a text that it does not accept, and the text is then
 * refused with `message`. All inputs use it: the environment, options, HTTP bodies, timer messages, `clb-doctor.json`.
 */
export const parsed = <T>(parse: (text: string) => T | null, message: string | ((text: string) => string)) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = parse(dataset.value)
      if (value !== null) return value
      addIssue({ message: typeof message === 'string' ? message : message(dataset.value) })
      return NEVER
    }),
  )
