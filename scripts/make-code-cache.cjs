// node make-code-cache.cjs <bundle> <JSON>: runs a bundle once, so that V8 compiles the functions that it needs. Then it
// writes the code cache beside the bundle, where src/bundle/ finds it. For the function, the JSON is an alarm. For the
// command line, it is the list of arguments.
const { createHash } = require('node:crypto')
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
const { Script } = require('node:vm')

const [file, json] = process.argv.slice(2)
const given = JSON.parse(json)
const source = readFileSync(file)
const script = new Script(wrap(source.toString('latin1')), { filename: file })
const bundle = { exports: {} }
if (Array.isArray(given)) process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...given)
process.on('exit', () => {
  const hash = createHash('sha256').update(source).digest('hex')
  // `diagnose` sets the exit status to its verdict. Here that would look like a failure.
  process.exitCode = 0
  writeFileSync(file.replace(/cjs$/, `${hash}.cache`), script.createCachedData())
})
script.runInThisContext()(bundle.exports, createRequire(file), bundle, file, dirname(file))
bundle.exports.main_handler?.(given, {}).then(() => process.exit())
