// The house's one-way street (docs/architecture.md). Every ban says why.
const stage = (name, allowed, why) => ({
  name: `${name}-imports-down`,
  comment: why,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: `^src/(${[name, ...allowed].join('|')})/` },
})

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
    stage('model', [], 'The nouns are imported by all, so they import nothing.'),
    stage('intake', ['model'], 'An alarm is parsed from its payload alone: no I/O, no cloud.'),
    stage('cloud', ['model'], 'The API client knows calls, not what they are for.'),
    stage('snapshot', ['model', 'cloud'], 'Collectors collect; what a fact means is decided further down.'),
    stage(
      'network',
      ['model'],
      'Packet evaluation is pure: the same input gives the same answer, with nothing to read.',
    ),
    stage('assessment', ['model', 'network'], 'Joins facts and evaluates hops: no I/O, no findings yet.'),
    stage(
      'checks',
      ['model', 'network', 'assessment'],
      'Checks do no I/O and no formatting: facts in, findings out.',
    ),
    stage(
      'diagnosis',
      ['model', 'network', 'assessment', 'checks'],
      'Reasoning happens before rendering and delivery.',
    ),
    stage('scan', ['model'], 'A scan is made of diagnoses: it adds them up and judges nothing anew.'),
    stage('render', ['model'], 'Renderers invent nothing: they see the Diagnosis alone.'),
    stage('sinks', ['model', 'render'], 'A sink renders and sends; it does not diagnose.'),
    stage(
      'simulator',
      ['model'],
      'A wrong evaluator must not be able to agree with itself, so the simulator shares no code with the product.',
    ),
    {
      name: 'simulator-only-from-demo',
      comment: 'The simulated cloud is for the demo and the tests; it must stay out of the function bundle.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(simulator/|demo\\.ts$)' },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'handler-never-reaches-demo',
      comment: 'handler.ts is bundled for the function: the command line and the demo stay out.',
      severity: 'error',
      from: { path: '^src/(handler|http|pipeline|server|app)\\.ts$' },
      to: { path: '^src/(cli|demo)\\.ts$' },
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
