const MOST_ROUNDS = 4096

/**
 * All ends of a walk, over every answer of what nobody can tell. `isWhole`: false if there are too many answers to try.
 */
export function endsOfAll(walk: (chance: () => boolean) => string): {
  readonly ends: ReadonlySet<string>
  readonly isWhole: boolean
} {
  const ends = new Set<string>()
  let answers: boolean[] = []
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
    let at = 0
    const chance = (): boolean => {
      const answer = answers[at] ?? false
      if (at === answers.length) answers.push(false)
      at++
      return answer
    }
    ends.add(walk(chance))
    while (answers.at(-1) === true) answers = answers.slice(0, -1)
    if (answers.length === 0) return { ends, isWhole: true }
    answers = [...answers.slice(0, -1), true]
  }
  return { ends, isWhole: false }
}
