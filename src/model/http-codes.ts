import type { CodeClass } from './diagnosis.ts'

// HttpCode of a health check is a bit mask of classes: 1xx=1, 2xx=2, 3xx=4, 4xx=8, 5xx=16 (platform facts C3).

const CLASSES: readonly CodeClass[] = ['1xx', '2xx', '3xx', '4xx', '5xx']

/** The bit of a status code, for example 2 for 204. */
export const codeBit = (status: number): number => 1 << (Math.floor(status / 100) - 1)

/** The classes of a mask, the lowest first. */
export const codeClassesIn = (mask: number): readonly CodeClass[] =>
  CLASSES.filter((_, bit) => (mask & (1 << bit)) !== 0)
