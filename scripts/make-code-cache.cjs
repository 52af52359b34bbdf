// node make-code-cache.cjs <bundle> <alarm as JSON>: loads the function's bundle, lets it handle the alarm so that V8
// compiles what an alarm needs, and writes the code cache beside the bundle. src/function/load.ts reads it.
const { createHash } = require('node:crypto')
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname, join } = require('node:path')
const { Script } = require('node:vm')

const [file, alarm] = process.argv.slice(2)
const source = readFileSync(file)
const script = new Script(wrap(source.toString()), { filename: file })
const handler = { exports: {} }
script.runInThisContext()(handler.exports, createRequire(file), handler, file, dirname(file))
handler.exports.main_handler(JSON.parse(alarm), {}).then(() => {
  const hash = createHash('sha256').update(source).digest('hex')
  writeFileSync(join(dirname(file), `handler.${hash}.cache`), script.createCachedData())
  process.exit()
})
