import { clipColumns, widthOf } from '../../text/index.ts'
import type { Cell } from '../blocks.ts'
import { oneLine } from './safe.ts'

const SHORTEST_NAME = 4

/** In so many columns: the name gives way, the id stays whole, since the next command asks for it. */
export function within({ text, id }: Cell, columns: number): string {
  const whole = oneLine(text)
  if (id === undefined || widthOf(whole) <= columns) return whole
  const tail = ` (${id})`
  const room = columns - widthOf(tail)
  if (room < SHORTEST_NAME || !text.endsWith(tail)) return id
  return `${clipColumns(oneLine(text.slice(0, -tail.length)), room)}${tail}`
}
