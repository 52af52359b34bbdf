import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'

// The V8 code cache next to the bundle (src/bundle/): it is used if it fits, and the program also works without it.

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url))

const { builtWith } = JSON.parse(readFileSync(join(DIST, 'package.json'), 'utf8'))
const isOwnNode = builtWith === process.version

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clb-doctor-'))
  cpSync(DIST, folder, { recursive: true, filter: (file) => !file.endsWith('.map') })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Calls the function with an event that is not an alarm. Returns the result and the codeCache field of the log. */
function started(...flags: readonly string[]): { readonly result: unknown; readonly codeCache: unknown } {
  const code = `require(${JSON.stringify(join(folder, 'handler.js'))}).main_handler({ some: 'event' }, {})
    .then((result) => console.log(JSON.stringify(result)))`
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', code], {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      TENCENTCLOUD_SECRETID: 'id-of-a-test',
      TENCENTCLOUD_SECRETKEY: 'key-of-a-test',
    },
  })
  const lines = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? JSON.parse(line) : []))
  const line = lines.find(({ message }) => message === 'function started')
  return { result: JSON.parse(stdout), codeCache: line?.codeCache }
}

const REFUSED = { handled: [], refused: [expect.objectContaining({ reason: 'unknown-shape' })] }

it('the code cache is taken by the Node version that built it, and refused by another version', () => {
  const codeCache = isOwnNode ? 'taken' : 'refused'
  expect(started()).toEqual({ result: REFUSED, codeCache })
})

it('the code cache is not used if one letter of the bundle changes, although V8 compares only the length', () => {
  const file = join(folder, 'handler.cjs')
  const bundle = readFileSync(file, 'utf8')
  const changed = bundle.replaceAll('unknown-shape', 'unknown-shave')
  expect(changed).not.toBe(bundle)
  expect(changed).toHaveLength(bundle.length)
  writeFileSync(file, changed)
  const { result, codeCache } = started()
  expect(codeCache).toBe('missing')
  expect(result).toMatchObject({ refused: [{ reason: 'unknown-shave' }] })
})

it('the code cache is refused if V8 runs with other flags, and the function works', () => {
  expect(started('--no-lazy-feedback-allocation')).toEqual({ result: REFUSED, codeCache: 'refused' })
})

it('the code cache is refused if it is damaged, and the function works', () => {
  const [cache = ''] = readdirSync(folder).filter((name) => /^handler\..*\.cache$/.test(name))
  writeFileSync(join(folder, cache), 'not a code cache')
  expect(started()).toEqual({ result: REFUSED, codeCache: 'refused' })
})

it('the function works if the code cache is missing', () => {
  execFileSync('find', [folder, '-name', '*.cache', '-delete'])
  expect(started()).toEqual({ result: REFUSED, codeCache: 'missing' })
})

const CALLS = {
  'the command line': ['cli.cjs', '--help'],
  'a look, which the function loads at the first alarm': ['diagnose.js'],
} as const

it.each(Object.entries(CALLS))('the code cache of %s is taken with the flags that are set', (_, call) => {
  const spy = join(folder, 'spy.cjs')
  writeFileSync(
    spy,
    `const vm = require('node:vm')
    vm.Script = class extends vm.Script {
      runInThisContext(options) {
        console.error(JSON.stringify({ taken: this.cachedDataRejected === false }))
        return super.runInThisContext(options)
      }
    }`,
  )
  const [file, ...flags] = call
  const { status, stderr } = spawnSync(process.execPath, ['-r', spy, join(folder, file), ...flags], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  })
  expect(JSON.parse(stderr)).toEqual({ taken: isOwnNode })
  expect(status).toBe(0)
})
