export { type Asked, encodeParameters, encodePeer, probeSeconds } from './parameters.ts'
export { createCommandLine, registeredName } from './registered.ts'
export { PARAMETER, scriptHash, scriptText, scriptWith } from './text.ts'
