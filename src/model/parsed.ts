import * as v from 'valibot'

/**
 * The schema of a text from outside that `parse` understands. `parse` gives null for every other text, which is then
 * refused with `message`. Every door uses it: the environment, options, bodies, timer messages, `clb-doctor.json`.
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
