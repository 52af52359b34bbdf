import { clipColumns, widthOf } from '../../text/index.ts'
import type { Cell } from '../blocks.ts'
import { oneLine } from './safe.ts'

const SHORTEST_NAME = 4

/** Fits a cell into so many columns. It cuts the name but never the id, because the reader needs it for commands. */
export function within({ text, id }: Cell, columns: number): string {
  const whole = oneLine(text)
  if (id === undefined || widthOf(whole) <= columns) return whole
  const tail = ` (${id})`
  const room = columns - widthOf(tail)
  if (room < SHORTEST_NAME || !text.endsWith(tail)) return id
  return `${clipColumns(oneLine(text.slice(0, -tail.length)), room)}${tail}`
}
