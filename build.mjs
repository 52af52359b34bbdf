// Builds these bundles:
// - dist/handler.cjs: the function. It loads the next eight only when it needs them.
// - dist/diagnose.cjs: for the first look at a CLB. dist/diagnose.js runs it with its V8 code cache.
// - dist/web.cjs: for the first HTTP event. dist/scan.cjs: for the first timer. dist/pages.cjs and dist/mail.cjs: for
//   the first mail. dist/gathered.cjs: for the first message about several CLBs or incidents. dist/proxy.cjs: if a proxy
//   is set. dist/kube.cjs: if a kubeconfig is set and a CLB is of a cluster.
// - dist/main.cjs: the command line.
// - dist/handler.js and dist/cli.cjs: the platform and the user start these. They run handler.cjs and main.cjs with
//   their V8 code caches.
// `--quiet` prints only errors and warnings.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { setStage } from './scripts/first-alarm.mjs'
import { V8_FLAGS } from './scripts/v8-flags.mjs'

const quiet = process.argv.includes('--quiet')

/** Why a package may have more than 20 KB in the function's bundle. Any other package of that size is an error. */
const REASONS = {
  'ip-address': 'ip-cidr parses addresses with it',
}
const WITHOUT_REASON_KB = 20

/** src/bundle/ sets the flags only in this version of V8. Another version may print an error for a flag. */
const BUILT_FOR = JSON.stringify({ v8: process.versions.v8.split('.')[0], flags: V8_FLAGS })

rmSync('dist', { recursive: true, force: true })

/** nodemailer has a quarter of a megabyte, so it goes into a separate file that is loaded at the first use. */
const mailApart = {
  name: 'mail-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^nodemailer$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './mail.cjs', external: true },
    )
  },
}

/** All printers except those of chats go into a separate file. */
const pagesApart = {
  name: 'pages-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/printers\/pages\.ts$/ }, () => ({ path: './pages.cjs', external: true }))
  },
}

const lazyApart = {
  name: 'lazy-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^(\.|.*\/http)\/web\.ts$/ }, () => ({ path: './web.cjs', external: true }))
    onResolve({ filter: /^\.\/proxy-agent\.ts$/ }, () => ({ path: './proxy.cjs', external: true }))
    onResolve({ filter: /^\.\/(scan-job|scan-report)\.ts$/ }, () => ({
      path: './scan.cjs',
      external: true,
    }))
    onResolve({ filter: /^\.\/kube-reader\.ts$/ }, () => ({ path: './kube.cjs', external: true }))
    onResolve({ filter: /^\.\/gathered\.ts$/ }, () => ({ path: './gathered.cjs', external: true }))
  },
}

/**
 * The stages of a look, and what needs the checks. An instance that hands its alarms over, refuses them or has nothing
 * due loads none of it.
 */
const LOOK = [
  'app/incidents/look',
  'app/incidents/joined-causes',
  'app/diagnose',
  'app/ineffective',
  'app/known-receivers/carry-over',
]
const lookApart = {
  name: 'look-apart',
  setup({ onResolve }) {
    const filter = new RegExp(
      `^\\.{1,2}/(app/)?(${LOOK.map((path) => path.split('/').at(-1)).join('|')})\\.ts$`,
    )
    onResolve({ filter }, () => ({ path: './diagnose.js', external: true }))
  },
}

/** Redis's client and BullMQ are loaded only where CLB_DOCTOR_REDIS_URL is set; a function needs no BullMQ. */
const redisApart = {
  name: 'redis-apart',
  setup({ onResolve }) {
    for (const [filter, path] of [
      [/(^|\/)redis\/index\.ts$/, './redis.cjs'],
      [/(^|\/)looks\/shared\.ts$/, './looks.cjs'],
    ])
      onResolve({ filter }, ({ kind }) => (kind === 'entry-point' ? undefined : { path, external: true }))
  },
}

/**
 * Escapes everything outside ASCII before esbuild sees it. `charset: 'ascii'` escapes strings and identifiers, but leaves
 * regular expressions and tagged templates as they are, and src/bundle/ reads the bundle as ASCII.
 */
const asciiOnly = {
  name: 'ascii-only',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (isAscii(source)) return undefined
      return {
        contents: source.replace(/[^\0-\x7f]/g, escaped),
        loader: extname(path).endsWith('ts') ? 'ts' : 'js',
      }
    })
  },
}

const isAscii = (text) => /^[\0-\x7f]*$/.test(text)
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // import() becomes require(), because import() does not work in code that runs from a code cache.
  supported: { 'dynamic-import': false },
  format: 'cjs',
  minify: true,
  // Escapes Chinese texts. V8 reads a file of ASCII without decoding and keeps it in half the memory.
  charset: 'ascii',
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
  // guest/probe.sh as it stands.
  loader: { '.sh': 'text' },
}

const handler = await build({
  ...common,
  entryPoints: { handler: 'src/function/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  plugins: [asciiOnly, mailApart, pagesApart, lazyApart, lookApart, redisApart],
})
const look = await build({
  ...common,
  stdin: { contents: LOOK.map((path) => `export * from './src/${path}.ts'`).join('\n'), resolveDir: '.' },
  outfile: 'dist/diagnose.cjs',
  plugins: [asciiOnly, mailApart, pagesApart, lazyApart, redisApart],
})
const rest = await build({
  ...common,
  entryPoints: { main: 'src/cli/main.ts' },
  // It has a binary for each platform. `serve` loads it from node_modules.
  external: ['libsql'],
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  plugins: [asciiOnly, mailApart, redisApart],
})
const scan = await build({
  ...common,
  // Receivers in the handler load scan-report.ts, too, when they send a scan.
  stdin: {
    contents: "export * from './src/function/scan-job.ts'\nexport * from './src/render/scan-report.ts'",
    resolveDir: '.',
  },
  outfile: 'dist/scan.cjs',
  plugins: [asciiOnly, mailApart, pagesApart],
})
const apart = await build({
  ...common,
  entryPoints: {
    mail: 'nodemailer',
    web: 'src/http/web.ts',
    pages: 'src/render/printers/pages.ts',
    gathered: 'src/render/gathered.ts',
    proxy: 'src/net/proxy-agent.ts',
    kube: 'src/kube/kube-reader.ts',
    redis: 'src/store/redis/index.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  plugins: [asciiOnly],
})
const looks = await build({
  ...common,
  entryPoints: { looks: 'src/store/looks/shared.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  // BullMQ would load it if it were given no client.
  external: ['ioredis'],
  plugins: [asciiOnly, redisApart],
})

// SCF names a handler without an extension. Whether its loader tries .cjs is not documented, so this file is .js.
const entry = await build({
  ...common,
  define: { BUILT_FOR },
  entryPoints: { handler: 'src/function/load.ts' },
  sourcemap: false,
  outdir: 'dist',
})
const lookEntry = await build({
  ...common,
  define: { BUILT_FOR },
  stdin: {
    contents: "module.exports = require('./src/bundle/index.ts').runBundle(__dirname, 'diagnose').exports",
    resolveDir: '.',
  },
  sourcemap: false,
  outfile: 'dist/diagnose.js',
})
const command = await build({
  ...common,
  entryPoints: { cli: 'src/cli/load.ts' },
  define: { BUILT_FOR },
  sourcemap: false,
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  banner: { js: '#!/usr/bin/env node' },
})
writeFileSync('dist/package.json', `{ "type": "commonjs", "builtWith": "${process.version}" }\n`)
for (const name of readdirSync('dist').filter((file) => /\.c?js$/.test(file)))
  if (!isAscii(readFileSync(join('dist', name), 'utf8'))) fail(`dist/${name} is not ASCII`)
await makeCodeCaches()
// The function reads the user's expected findings from its own folder.
if (existsSync('clb-doctor.json')) copyFileSync('clb-doctor.json', 'dist/clb-doctor.json')
// `npm link` makes the file executable once. A new build must keep it executable.
chmodSync('dist/cli.cjs', 0o755)

const ofFunction = [handler, look]
const inputs = ofFunction.flatMap(({ metafile }) => Object.keys(metafile.inputs))
const simulated = inputs.filter((file) => file.startsWith('src/simulator/'))
if (simulated.length > 0) fail(`the simulator is in the function's bundle: ${simulated.join(', ')}`)

const embedded = inputs.filter((file) => file.startsWith('src/store/embedded/'))
if (embedded.length > 0) fail(`the embedded store is in the function's bundle: ${embedded.join(', ')}`)

const byPackage = new Map()
const bundles = ofFunction.flatMap(({ metafile }) =>
  Object.values(metafile.outputs).filter(({ entryPoint }) => entryPoint),
)
for (const [file, { bytesInOutput }] of bundles.flatMap((bundle) => Object.entries(bundle.inputs))) {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'clb-doctor itself'
  byPackage.set(name, (byPackage.get(name) ?? 0) + bytesInOutput / 1024)
}
const shares = [...byPackage].sort((a, b) => b[1] - a[1])
if (!quiet) {
  for (const { metafile } of [entry, handler, lookEntry, look, command, rest, scan, apart, looks])
    for (const [file, { bytes }] of Object.entries(metafile.outputs))
      if (!file.endsWith('.map'))
        console.log(`${file.padEnd(18)} ${(bytes / 1024).toFixed(1).padStart(7)} KB`)
  console.log('\ndist/handler.cjs and dist/diagnose.cjs by package:')
  for (const [name, kb] of shares.slice(0, 12))
    console.log(`  ${name.padEnd(24)} ${kb.toFixed(1).padStart(7)} KB  ${REASONS[name] ?? ''}`.trimEnd())
}
for (const [name, kb] of shares)
  if (kb > WITHOUT_REASON_KB && name !== 'clb-doctor itself' && !REASONS[name])
    fail(
      `${name} has ${kb.toFixed(1)} KB in the function; add the reason to REASONS in build.mjs, or remove it from the bundle`,
    )

/**
 * Makes the code caches of the function and of the command line. Each bundle runs once in a separate process against the
 * simulated cloud: the function handles an alarm, the command runs `diagnose`. They have the flags of later runs.
 */
async function makeCodeCaches() {
  const { alarm, loadBalancerId, messages, env, close } = await setStage()
  const run = (file, given, apart = {}) =>
    promisify(execFile)(
      process.execPath,
      [
        ...V8_FLAGS,
        'scripts/make-code-cache.cjs',
        resolve(file),
        JSON.stringify(given),
        JSON.stringify(apart),
      ],
      { env },
    )
  try {
    await run('dist/handler.cjs', alarm, { './diagnose.js': resolve('dist/diagnose.cjs') })
    if (messages.length === 0) fail('no message arrived for the alarm that makes the code cache')
    const { stdout } = await run('dist/main.cjs', ['diagnose', loadBalancerId])
    if (!stdout.includes(loadBalancerId)) fail('the command that makes the code cache printed no diagnosis')
  } finally {
    await close()
  }
}

function fail(reason) {
  console.error(`build: ${reason}`)
  process.exit(1)
}
