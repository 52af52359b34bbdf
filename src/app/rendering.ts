// The renderings of a Diagnosis, for the entries. They are apart from a look, so that the function can load one alone.

export { renderAs } from '../render/index.ts'
