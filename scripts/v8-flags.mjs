/**
 * The V8 flags that the function and the command set when they start. V8 optimizes code that has run for a while. In a
 * large diagnosis this took a quarter of the CPU time, mostly for code that hardly ran afterwards. With eight times the
 * budget, V8 optimizes only code that runs for long. A code cache works only with the flags that it was made with.
 * V8 12 (Node 22) does not have this flag.
 */
export const V8_FLAGS = process.versions.v8.startsWith('11.') ? ['--interrupt-budget=1000000'] : []
