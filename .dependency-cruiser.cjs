const { readFileSync } = require('node:fs')

// The house's one-way street (docs/architecture.md). Every ban says why.
const room = (name, allowed, why) => ({
  name: `${name}-imports-down`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})(/|\\.ts$)` },
})

/** Other rooms enter this room by `files` alone. */
const door = (name, files = 'index') => ({
  name: `${name}-by-its-door`,
  comment: `The inner files of ${name} are its own business: what others need, its door exports.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${name}/` },
  to: { path: `^src/${name}/`, pathNot: `^src/${name}/(${files})\\.ts$` },
})

const DATA = ['model', 'text']

// `zh-CN|en`: each names the files of texts of a folder.
const LANGUAGES = [
  ...readFileSync('src/model/language.ts', 'utf8')
    .match(/LANGUAGES = \[(.*?)\]/)[1]
    .matchAll(/'(.+?)'/g),
]
  .map(([, language]) => language)
  .join('|')

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle is two modules that are one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'An import that resolves to nothing fails at run time.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    room('model', [], 'Every room imports the nouns, so they import nothing.'),
    room('text', ['model'], 'The only room that knows a language; it knows no finding and no receiver.'),
    room('alarms', ['model'], 'An alarm is parsed from its payload alone: no I/O, no cloud.'),
    room('net', ['model'], 'It sends one request. Why and to whom is decided further down.'),
    room('cloud', ['model', 'net'], 'The API client knows calls, not what they are for.'),
    room('snapshot', ['model', 'cloud'], 'Collectors collect. What a fact means is decided further down.'),
    room('rules', ['model'], 'Rule evaluation is pure: the same input gives the same answer.'),
    room('path', [...DATA, 'rules'], 'Joins facts and evaluates hops: no I/O, no findings yet.'),
    room('checks', [...DATA, 'rules', 'path'], 'Checks do no I/O and no formatting: facts in, findings out.'),
    room(
      'diagnosis',
      [...DATA, 'rules', 'path', 'checks'],
      'Reasoning happens before rendering and delivery.',
    ),
    room('scan', DATA, 'A scan adds diagnoses up and judges nothing again.'),
    room('render', DATA, 'Renderers invent nothing: they see the Diagnosis alone.'),
    room('delivery', [...DATA, 'net', 'render'], 'A receiver renders and sends. It does not diagnose.'),
    room(
      'app',
      [
        ...DATA,
        'alarms',
        'net',
        'cloud',
        'snapshot',
        'path',
        'checks',
        'diagnosis',
        'scan',
        'render',
        'delivery',
      ],
      'The stories call every stage. No stage and no entry is called back.',
    ),
    room('http', [...DATA, 'app'], 'An entry calls the stories and nothing below them.'),
    room('bundle', [], 'It starts a process, whatever that does: every import delays the start.'),
    room(
      'function',
      [...DATA, 'app', 'http', 'bundle'],
      'An entry calls the stories and nothing below them.',
    ),
    room(
      'cli',
      [...DATA, 'app', 'http', 'simulator', 'bundle'],
      'An entry calls the stories and nothing below them.',
    ),
    room(
      'simulator',
      ['model'],
      'A wrong evaluator must not be able to agree with itself, so the simulator shares no code with the product.',
    ),
    door('text'),
    door('alarms'),
    door('net'),
    door('cloud'),
    door('rules'),
    door('path'),
    door('checks'),
    door('diagnosis'),
    door('scan'),
    door('delivery'),
    door('simulator'),
    door('bundle'),
    // One CLB, and many: the function's bundle carries the first alone.
    door('snapshot', 'index|scan'),
    // The function brings its own server and loads web.ts apart.
    door('http', 'index|app|web'),
    {
      name: 'texts-are-data',
      comment: 'A text imports no check and no other logic: whoever translates it needs to know none.',
      severity: 'error',
      from: { path: `^src/.+/(texts|${LANGUAGES})\\.ts$` },
      to: { path: '^src/', pathNot: `^src/(text|model)/|/(${LANGUAGES})\\.ts$` },
    },
    {
      name: 'render-by-its-door',
      comment: 'Which printer is loaded when is decided in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(render|delivery)/' },
      to: { path: '^src/render/', pathNot: '^src/render/index\\.ts$' },
    },
    {
      name: 'parts-are-listed-once',
      comment:
        'A check or a receiver is named in one list. A second place would be one more file for each new one.',
      severity: 'error',
      from: {
        path: '^src/(checks|delivery)/[^/]+\\.ts$',
        pathNot: '^src/(checks/registry|delivery/receivers)\\.ts$',
      },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/delivery/stages/' },
    },
    {
      name: 'receivers-have-their-own-printer',
      comment: 'A receiver may bring the printer of its own name, and no other.',
      severity: 'error',
      from: { path: '^src/delivery/([^/]+)' },
      to: { path: '^src/render/', pathNot: '^src/render/(index|printers/$1)\\.ts$' },
    },
    {
      name: 'simulator-only-from-demo',
      comment: 'The simulated cloud is for the demo and the tests. It must stay out of the function bundle.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(simulator/|cli/demo\\.ts$)' },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'every-file-has-a-room',
      comment: 'A loose file in src/ belongs to no room, so no rule holds it.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: {},
    },
    {
      name: 'only-cloud-knows-the-sdk',
      comment:
        'SDK shapes end at src/cloud (types also in the collectors and the simulator, which translate them): our names everywhere else.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cloud|snapshot|simulator)/' },
      to: { path: 'tencentcloud-sdk-nodejs' },
    },
    {
      name: 'sdk-by-deep-import',
      comment: 'The whole SDK package is 58 MB on disk and takes a third of a second to load.',
      severity: 'error',
      from: {},
      to: { path: 'node_modules/tencentcloud-sdk-nodejs/(tencentcloud/index|package\\.json)' },
    },
    {
      name: 'production-never-imports-tests',
      comment: 'What ships does not depend on what checks it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      comment: 'A package used at run time is a dependency.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
