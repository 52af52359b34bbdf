import { SHAPES } from './shapes.ts'
import { table } from './table.ts'
import { type Judged, levels, totalsOf } from './totals.ts'

// The part of docs/accuracy.md about the kinds of CLBs of shapes.ts.

export const byShape = (judged: readonly Judged[]): string =>
  table(
    [
      '',
      'CLBs',
      'of these healthy',
      'causes',
      'named exactly',
      'open steps to Dead backends, named',
      'told as seen',
      'Dead backends left open',
      'not left open',
      'wrong causes: certain / likely / possible',
      'false alarm on healthy',
    ],
    SHAPES.map(({ name }) => {
      const own = judged.filter(({ one }) => one.shape === name)
      const totals = totalsOf(own)
      return [
        name,
        own.length,
        own.filter(({ one }) => one.injections.length === 0).length,
        totals.causes,
        totals.causesFound,
        totals.doubtsNamed,
        totals.toldAsSeen,
        totals.open,
        totals.notOpen,
        levels(totals.wrongCausesAt),
        totals.falseAlarms,
      ]
    }),
  )
