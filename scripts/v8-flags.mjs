/**
 * The flags of V8 that the function and the command set when they start. V8 optimizes a function once it has run for a
 * while: a quarter of the CPU time of a large diagnosis went into code that the process hardly used afterwards. With eight
 * times the budget only what runs long is optimized. A code cache has to be made with the flags that it is used with.
 * V8 12, which Node 22 has, does not know this flag.
 */
export const V8_FLAGS = process.versions.v8.startsWith('11.') ? ['--interrupt-budget=1000000'] : []
