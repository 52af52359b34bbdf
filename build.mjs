// Bundles the function (dist/handler.cjs), what it loads only when it is needed beside it (dist/web.cjs at the first HTTP
// event, dist/scan.cjs at the first timer, dist/pages.cjs and dist/mail.cjs for the first mail, dist/proxy.cjs where a
// proxy is set), and the command line (dist/cli.cjs).
// `--quiet` prints nothing when all is well.
import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const quiet = process.argv.includes('--quiet')
const LIMIT_KB = 430

rmSync('dist', { recursive: true, force: true })

/** nodemailer is a quarter of a megabyte: it gets a file of its own, required when first needed. */
const mailApart = {
  name: 'mail-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^nodemailer$/ }, ({ kind }) =>
      kind === 'entry-point' ? undefined : { path: './mail.cjs', external: true },
    )
  },
}

/** All printers but those of chats are in a file of their own. */
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
  },
}

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: true,
  // Chinese texts as they are: escaped, each character would take twice the bytes.
  charset: 'utf8',
  sourcemap: true,
  logLevel: 'warning',
  metafile: true,
}

const handler = await build({
  ...common,
  entryPoints: { handler: 'src/function/index.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  plugins: [mailApart, pagesApart, lazyApart],
})
const rest = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  banner: { js: '#!/usr/bin/env node' },
  plugins: [mailApart],
})
const scan = await build({
  ...common,
  // The handler's own receivers ask for a scan's report too, should they ever be sent a scan.
  stdin: {
    contents: "export * from './src/function/scan-job.ts'\nexport * from './src/render/scan-report.ts'",
    resolveDir: '.',
  },
  outfile: 'dist/scan.cjs',
  plugins: [mailApart, pagesApart],
})
const apart = await build({
  ...common,
  entryPoints: {
    mail: 'nodemailer',
    web: 'src/http/web.ts',
    pages: 'src/render/printers/pages.ts',
    proxy: 'src/net/proxy-agent.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
})

// SCF names a handler without an extension, and whether its loader tries .cjs is not documented.
writeFileSync('dist/handler.js', "module.exports = require('./handler.cjs')\n")
// What the user accepts goes with the function's code.
if (existsSync('clb-doctor.json')) copyFileSync('clb-doctor.json', 'dist/clb-doctor.json')
// `npm link` makes it a command, which it stays when it is built again.
chmodSync('dist/cli.cjs', 0o755)
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n')

const simulated = Object.keys(handler.metafile.inputs).filter((file) => file.startsWith('src/simulator/'))
if (simulated.length > 0) fail(`the simulator is in the function's bundle: ${simulated.join(', ')}`)
const kb = (path) => readFileSync(path).length / 1024
if (kb('dist/handler.cjs') >= LIMIT_KB)
  fail(`dist/handler.cjs has ${kb('dist/handler.cjs').toFixed(0)} KB, ${LIMIT_KB} are allowed`)

if (!quiet) {
  for (const { metafile } of [handler, rest, scan, apart])
    for (const [file, { bytes }] of Object.entries(metafile.outputs))
      if (file.endsWith('.cjs')) console.log(`${file.padEnd(18)} ${(bytes / 1024).toFixed(1).padStart(7)} KB`)
  const parts = Object.entries(
    Object.values(handler.metafile.outputs).find(({ entryPoint }) => entryPoint)?.inputs ?? {},
  )
  const byPackage = new Map()
  for (const [file, { bytesInOutput }] of parts) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'clb-doctor itself'
    byPackage.set(name, (byPackage.get(name) ?? 0) + bytesInOutput)
  }
  console.log('\ndist/handler.cjs by package:')
  for (const [name, bytes] of [...byPackage].sort((a, b) => b[1] - a[1]).slice(0, 10))
    console.log(`  ${name.padEnd(24)} ${(bytes / 1024).toFixed(1).padStart(7)} KB`)
}

function fail(reason) {
  console.error(`build: ${reason}`)
  process.exit(1)
}
