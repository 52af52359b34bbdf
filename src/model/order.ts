/** By code unit, whatever the machine's locale: the same order everywhere. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
