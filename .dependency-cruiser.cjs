const { readFileSync } = require('node:fs')

// Imports between the rooms of src/ go in one direction only (docs/architecture.md). Every rule gives its reason.
const room = (name, allowed, why) => ({
  name: `${name}-imports-down`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})(/|\\.ts$)` },
})

/** Other rooms may import only `files` of this room. */
const door = (name, files = 'index') => ({
  name: `${name}-by-its-door`,
  comment: `The inner files of ${name} may change at any time. It exports what other rooms need.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${name}/` },
  to: { path: `^src/${name}/`, pathNot: `^src/${name}/(${files})\\.ts$` },
})

const DATA = ['model', 'text']

// `zh-CN|en`: the names of the text files.
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
      comment: 'Modules in a cycle cannot be read, tested or loaded separately.',
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
    room('model', [], 'Every room imports these types, so this room imports nothing.'),
    room('text', ['model'], 'Only text/ handles languages. It depends on no finding and no receiver.'),
    room('alarms', ['model'], 'Parsing an alarm needs only its payload: no I/O, no cloud.'),
    room('net', ['model'], 'It sends one request. Its callers decide why and to which address.'),
    room('cloud', ['model', 'net'], 'The API client makes calls. Its callers decide what the calls are for.'),
    room(
      'snapshot',
      ['model', 'cloud'],
      'Collectors only read facts. Later stages decide what a fact means.',
    ),
    room('kube', [...DATA, 'net'], 'It reads a cluster. What that means for a CLB is not its matter.'),
    room('rules', ['model'], 'Rule evaluation is pure: the same input gives the same answer.'),
    room('filter', ['model', 'rules'], 'Packet filters are evaluated on text: no I/O, no findings.'),
    room(
      'guest',
      ['model', 'rules', 'filter'],
      'It says what a machine lets in and answers. It has no I/O and no texts.',
    ),
    room(
      'path',
      [...DATA, 'rules', 'guest'],
      'It joins facts and evaluates hops. It has no I/O and no findings.',
    ),
    room(
      'checks',
      [...DATA, 'rules', 'guest', 'path'],
      'A check turns facts into findings. It has no I/O and no formatting.',
    ),
    room(
      'diagnosis',
      [...DATA, 'rules', 'guest', 'path', 'checks'],
      'A diagnosis is complete before rendering and delivery begin.',
    ),
    room(
      'incidents',
      ['model'],
      'What an alarm means beside earlier ones is a pure decision: app/ gives it the time and the memory.',
    ),
    room('routing', ['model'], 'Who hears of something is a pure decision over the routes.'),
    room('scan', DATA, 'A scan adds up diagnoses. It does not evaluate anything again.'),
    room('render', DATA, 'A renderer shows only what is in the Diagnosis.'),
    room('store', DATA, 'It keeps records and does not know what they mean.'),
    room(
      'delivery',
      [...DATA, 'net', 'store', 'render'],
      'A receiver only renders and sends. It does not diagnose.',
    ),
    room(
      'app',
      [
        ...DATA,
        'alarms',
        'net',
        'cloud',
        'kube',
        'snapshot',
        'rules',
        'guest',
        'path',
        'checks',
        'diagnosis',
        'incidents',
        'routing',
        'scan',
        'render',
        'delivery',
        'store',
      ],
      'This room calls every stage. No stage calls back, and this room calls no entry.',
    ),
    room('http', [...DATA, 'app'], 'An entry calls app/ and no stage below it.'),
    room('bundle', [], 'It starts the process. Every import here delays the start.'),
    room('function', [...DATA, 'app', 'http', 'bundle'], 'An entry calls app/ and no stage below it.'),
    room(
      'cli',
      [...DATA, 'app', 'http', 'simulator', 'bundle'],
      'An entry calls app/ and no stage below it.',
    ),
    room(
      'simulator',
      ['model'],
      'If the simulator shared code with the product, both would make the same mistake and no test would see it.',
    ),
    door('text'),
    door('alarms'),
    door('net'),
    door('cloud'),
    door('kube'),
    door('rules'),
    door('filter'),
    door('guest'),
    door('path'),
    door('checks'),
    door('diagnosis'),
    door('incidents'),
    door('routing'),
    door('scan'),
    door('delivery'),
    door('store', 'index|(embedded|redis|looks)/index|looks/shared'),
    door('simulator'),
    door('bundle'),
    // One entry reads one CLB, one reads many, and one runs the probe on machines. They are separate, so the function can
    // load the first without the others.
    door('snapshot', 'index|scan|guests'),
    // The function has its own server and loads web.ts separately.
    door('http', 'index|app|web'),
    {
      name: 'texts-are-data',
      comment: 'A text file imports no logic, so a translator does not need to know the code.',
      severity: 'error',
      from: { path: `^src/.+/(texts|${LANGUAGES})\\.ts$` },
      to: { path: '^src/', pathNot: `^src/(text|model)/|/(${LANGUAGES})\\.ts$` },
    },
    {
      name: 'render-by-its-door',
      comment: 'One place decides when each printer is loaded.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(render|delivery)/' },
      to: { path: '^src/render/', pathNot: '^src/render/index\\.ts$' },
    },
    {
      name: 'parts-are-listed-once',
      comment:
        'A check or a receiver is listed in one file. A second list would be one more file to edit for each new part.',
      severity: 'error',
      from: {
        path: '^src/(checks|delivery)/[^/]+\\.ts$',
        pathNot: '^src/(checks/registry|delivery/receivers)\\.ts$',
      },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/delivery/lanes/' },
    },
    {
      name: 'receivers-have-their-own-printer',
      comment: 'A receiver may import only the printer that has its name.',
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
      comment: 'A file directly in src/ belongs to no room, so no rule applies to it.',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: {},
    },
    {
      name: 'only-cloud-knows-the-sdk',
      comment:
        'Only src/cloud calls the SDK. Collectors and the simulator may import its types. Other code uses our names.',
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
      comment: 'The product does not depend on its tests.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      comment: 'A package that is used at run time must be in dependencies.',
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
