import { STORY_KINDS, type Story } from './stories.ts'
import { table } from './table.ts'
import type { Told } from './told.ts'

// The part of docs/accuracy.md about CLBs that change between two looks.

export interface ToldStory {
  readonly story: Story
  readonly looks: readonly Told[]
}

const WRONGS = ['over', 'flapping', 'title', 'sent', 'causes'] as const

/** How often each of these was told wrongly. */
export const wrongsIn = (
  stories: readonly ToldStory[],
): Readonly<Record<(typeof WRONGS)[number], number>> => {
  const looks = stories.flatMap((one) => one.looks)
  const sum = (kind: (typeof WRONGS)[number]): number => looks.reduce((total, one) => total + one[kind], 0)
  return {
    over: sum('over'),
    flapping: sum('flapping'),
    title: sum('title'),
    sent: sum('sent'),
    causes: sum('causes'),
  }
}

export function storySection(stories: readonly ToldStory[]): string {
  const rows = STORY_KINDS.map((kind) => {
    const own = stories.filter(({ story }) => story.kind === kind)
    const looks = own.flatMap((one) => one.looks)
    const wrong = wrongsIn(own)
    return [
      kind,
      own.length,
      looks.length,
      looks.filter(({ saysFlapping }) => saysFlapping).length,
      ...WRONGS.map((name) => wrong[name]),
    ]
  })
  return `## Looks at a CLB that changes

Each of these CLBs has several alarms, and changes between them. A seed decides the CLB, the faults, the times, and whether
the alarm names the CLB, a listener or a backend. The alarms are handled as \`serve\` does: they are diagnosed, compared with
what was seen before, and sent. The clock is not the real one. A quarter of the CLBs also has a pool whose check is off.

- **told as over**: a message about a firing alarm says that it is over, or one says so although nothing could be read.
- **flapping**: a second firing over healthy backends within half an hour is not told as flapping with its number, or
  flapping is told without a reason.
- **title**: the attention, the title or its colour do not fit what the backends do, a recovery does not say how many are still
  down or how long it lasted, or the message is longer than the receiver takes.
- **sent**: news is not sent, or the same is sent again.
- **causes**: at that look a cause is missed, or a certain or likely one is wrong.

${table(['', 'CLBs', 'looks', 'flapping told', 'wrong: told as over', 'flapping', 'title', 'sent', 'causes'], rows)}
`
}
