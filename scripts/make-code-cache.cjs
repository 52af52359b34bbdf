// node make-code-cache.cjs <bundle> <JSON> <JSON>: runs a bundle once, so that V8 compiles the functions that it needs.
// Then it writes the code cache beside the bundle, where src/bundle/ finds it. For the function, the first JSON is an
// alarm. For the command line, it is the list of arguments. The second JSON names bundles that the first one loads, each
// with the name that it loads it by: they get a cache of their own.
const { createHash } = require('node:crypto')
const { readFileSync, writeFileSync } = require('node:fs')
const { createRequire, wrap } = require('node:module')
const { dirname } = require('node:path')
const { Script } = require('node:vm')

const [file, json, apart] = process.argv.slice(2)
const given = JSON.parse(json)
const inner = JSON.parse(apart)
const running = []

if (Array.isArray(given)) process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...given)
process.on('exit', () => {
  // `diagnose` sets the exit status to its verdict. Here that would look like a failure.
  process.exitCode = 0
  for (const { path, source, script } of running) {
    const hash = createHash('sha256').update(source).digest('hex')
    writeFileSync(path.replace(/cjs$/, `${hash}.cache`), script.createCachedData())
  }
})
run(file)
  .main_handler?.(given, {})
  .then(() => process.exit())

function run(path) {
  const source = readFileSync(path)
  const script = new Script(wrap(source.toString('latin1')), { filename: path })
  running.push({ path, source, script })
  const module = { exports: {} }
  const plain = createRequire(path)
  const loaded = (name) => (inner[name] ? run(inner[name]) : plain(name))
  script.runInThisContext()(module.exports, loaded, module, path, dirname(path))
  return module.exports
}
