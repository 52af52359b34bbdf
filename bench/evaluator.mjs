// Measures how fast the evaluator is, compared with the obvious way and with the approach that was rejected.
import { bundled } from './bundled.mjs'
import { obvious, subtracting } from './others.mjs'
import { addressesOf, groupsOf, randomly, referencesOf, setsOf, worstCase } from './workload.mjs'

const SEED = Number(process.env.BENCH_SEED ?? 20261124)
const random = randomly(SEED)
const network = await bundled(
  ['index', 'intervals', 'security-group', 'meanings'].map((part) => `src/rules/${part}.ts`),
)
const { createEvaluator, PROBE_100_64, holds, evaluateSecurityGroups } = network
const references = referencesOf(random)
const probe = (i) => ({
  sources: PROBE_100_64,
  destination: `10.0.${(i >> 8) & 255}.${i & 255}`,
  protocol: 'tcp',
  port: 8080,
})
const failures = []

console.log(
  `seed ${SEED}; 5 groups a target, source 100.64.0.0/10, 10 % of the rules by templates of 10 addresses\n`,
)

// 1,000 targets over 20 group sets. Each run has a fresh evaluator, so it includes the parsing of the rules.
const sets = setsOf(groupsOf(25, 100, random), 20)
const whole = (targets, own = sets) => {
  const evaluator = createEvaluator(references)
  for (let i = 0; i < targets; i++) evaluator.securityGroups(own[i % own.length], probe(i))
  return evaluator
}
const cold = millis(() => whole(1000))
const warm = best(30, () => whole(1000))
const unshared = setsOf(groupsOf(100, 100, random), 20)
const warmUnshared = best(30, () => whole(1000, unshared))
const evaluator = whole(1000)
const again = best(30, () => {
  for (let i = 0; i < 1000; i++) evaluator.securityGroups(sets[i % 20], probe(i))
})
const goal = (ms) => `goal 20 ms: ${ms <= 20 ? 'met' : 'missed'}`
console.log('1,000 targets × 5 groups × 100 rules, 20 group sets')
print('this evaluator, first run of the process', cold)
print('texts read and evaluated, 25 groups shared by the sets', warm, goal(warm))
print('texts read and evaluated, 100 groups, none shared', warmUnshared, goal(warmUnshared))
print('the same targets asked again', again)

// The obvious way answers only for the given addresses. Ours answers for all four million.
const SAMPLED = 16
const WALKED = 40
const walk = obvious(references)
const sampled = addressesOf(SAMPLED, random)
const answers = []
const slow = millis(() => {
  for (let i = 0; i < WALKED; i++) for (const address of sampled) answers.push(walk(sets[i % 20], address))
})
const mine = Array.from({ length: WALKED }, (_, i) => {
  const { pieces } = evaluator.securityGroups(sets[i % 20], probe(i))
  return sampled.map((address) => {
    const at = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0)
    const piece = pieces.find(({ sources }) => holds(sources.borders, at))
    return `${piece.verdict} ${piece.by.id} ${piece.by.index}`
  })
}).flat()
const [each, eachWalked] = [warm / 1000, slow / WALKED]
print(`the obvious way, ${WALKED} of the targets, ${SAMPLED} addresses each`, slow)
note(
  `a target takes ${each.toFixed(3)} ms, the obvious way ${eachWalked.toFixed(1)} ms: ${(eachWalked / each).toFixed(0)} × (goal 100)`,
)
note(
  `if the obvious way shared answers between targets of one set: ${((eachWalked * 20) / warm).toFixed(0)} ×`,
)
check(mine.join() === answers.join(), 'the obvious way gives other answers')
check(eachWalked / each >= 100, 'not 100 times as fast as the obvious way')

console.log('\ntargets at 5 groups × 100 rules')
for (const [spread, every] of [
  ['20 group sets in all', null],
  ['20 group sets for each 1,000', 1000],
])
  for (const targets of [1000, 10_000, 100_000]) {
    const count = every === null ? 20 : (targets / every) * 20
    const own = setsOf(groupsOf((count / 20) * 25, 100, random), count)
    const before = heap()
    let kept
    const took = millis(() => {
      kept = whole(targets, own)
    })
    const grown = (heap() - before) / 2 ** 20
    print(`${targets.toLocaleString('en')} targets, ${spread}`, took, `${grown.toFixed(0)} MB held`)
    check(kept && grown < 240, `${grown.toFixed(0)} MB held for ${targets} targets, 240 are allowed`)
  }

// How the time grows with the number of rules. Ours and the rejected approach get the same compiled terms.
const rejected = subtracting(network)
// For 100 times the rules, n log n gives a power of 1.1 to 1.2. Caches and garbage collection of a small machine add up
// to 0.2.
const MOST_POWER = 1.6
const POWERS = `n log n: about 1.2, the rejected approach 2, at most ${MOST_POWER}`
const growth = (title, listsOf, sizes, most = Number.POSITIVE_INFINITY) => {
  console.log(`\n${title}`)
  const inWords = (pieces) =>
    pieces
      .map(({ verdict, borders }) => `${verdict} ${borders}`)
      .sort()
      .join(';')
  const took = sizes.map((rules) => {
    const before = heap()
    const lists = listsOf(rules)
    const terms = lists.flatMap((list) => list.termsFor(probe(0)))
    const evaluate = () => evaluateSecurityGroups(lists, probe(0))
    const own = best(9, evaluate)
    const outcome = evaluate()
    const grown = (heap() - before) / 2 ** 20
    const pieces = outcome.pieces.map(({ verdict, sources }) => ({ verdict, borders: sources.borders }))
    let beside = 'not asked'
    if (rules <= most) {
      let others = []
      const other = best(3, () => {
        others = rejected(terms, PROBE_100_64.borders)
      })
      check(
        inWords(others) === inWords(pieces),
        `${title}, ${rules}: the rejected approach gives other answers`,
      )
      beside = `${other.toFixed(2)} ms (${(other / own).toFixed(1)} ×)`
    }
    const n = rules * lists.length
    print(
      `${n.toLocaleString('en')} rules, ${pieces.length.toLocaleString('en')} pieces`,
      own,
      `${grown.toFixed(0)} MB; rejected: ${beside}`,
    )
    return { n, own }
  })
  const [smallest, largest] = [took[0], took.at(-1)]
  const power = Math.log(largest.own / smallest.own) / Math.log(largest.n / smallest.n)
  note(
    `from the fewest to the most rules the time grows by the power ${power.toFixed(2)} of their number (${POWERS})`,
  )
  check(power <= MOST_POWER, `${title}: time grows by the power ${power.toFixed(2)}, ${MOST_POWER} at most`)
}
const compiled = (own) => {
  const meanings = network.compileMeanings(references)
  return own.map((group) => network.compileSecurityGroup(group, meanings))
}
growth(
  'rules of one group set, as above',
  (rules) => compiled(groupsOf(5, rules, random)),
  [100, 1000, 10_000],
)
// The rejected approach is not run with 30,000 rules: ten times the rules take a hundred times as long, half a minute.
growth(
  'rules that cut the source into as many pieces',
  (rules) => compiled([worstCase(rules)]),
  [300, 3000, 30_000],
  3000,
)

for (const failure of failures) console.error(`bench: ${failure}`)
if (failures.length > 0) process.exitCode = 1

function print(what, ms, more = '') {
  console.log(`  ${what.padEnd(54)}${ms.toFixed(2).padStart(10)} ms${more === '' ? '' : `  ${more}`}`)
}

function note(text) {
  console.log(`  ${text}`)
}

function check(holdsTrue, failure) {
  if (!holdsTrue) failures.push(failure)
}

function millis(work) {
  const before = process.hrtime.bigint()
  work()
  return Number(process.hrtime.bigint() - before) / 1e6
}

/** The best of several runs in ms. A disturbance or the garbage of the last run can only make a run slower. */
function best(rounds, work) {
  return Math.min(
    ...Array.from({ length: rounds }, () => {
      globalThis.gc()
      return millis(work)
    }),
  )
}

function heap() {
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
