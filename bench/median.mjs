/** The middle of the sorted values; of an even number, the upper one. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
