/** A shell script as text. build.mjs and test/support/shell-texts.ts load it. */
declare module '*.sh' {
  const text: string
  export default text
}
