import type { Verdict } from '../model/diagnosis.ts'
import { wrap } from '../text/width.ts'
import { oneLine } from './safe.ts'

export interface Screen {
  readonly color: boolean
  /** Columns. */
  readonly width: number
}

export const VERDICT_COLORS: Readonly<Record<Verdict, number>> = {
  healthy: 32,
  degraded: 33,
  down: 31,
  inconclusive: 36,
}

/** Lines for a terminal, as they are written one after the other. */
export interface Sheet {
  readonly out: string[]
  /** In one of the terminal's colours, where it has them. */
  paint(code: number, text: string): string
  /** Folded at the width; what comes from outside is one line. */
  fold(text: string, indent?: string): void
  /** A heading, after an empty line. */
  head(text: string): void
}

export function createSheet({ color, width }: Screen): Sheet {
  const out: string[] = []
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    out,
    paint,
    fold(text, indent = '  ') {
      out.push(wrap(oneLine(text), width, indent))
    },
    head(text) {
      out.push('', paint(1, oneLine(text)))
    },
  }
}
