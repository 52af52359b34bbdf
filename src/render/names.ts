import type { Language } from '../model/language.ts'
import { some } from './some.ts'

/** A longer name loses its middle: names of one kind mostly differ at their ends. */
const LONGEST = 32

interface Named {
  readonly id: string
  readonly name: string
}

/** The first `most` CLBs by name, and how many more there are. Those with one name have their ids, too. */
export function namesOf(all: readonly Named[], most: number, language: Language): string {
  const shown = all.slice(0, most).map(({ id, name }) => ({ id, name: name === '' ? id : shortened(name) }))
  const isTwice = (name: string): boolean => shown.filter((one) => one.name === name).length > 1
  const names = shown.map(({ id, name }) => (isTwice(name) && name !== id ? `${name} (${id})` : name))
  // Only the first ones are shown, so the others need no names.
  return some([...names, ...all.slice(most).map(({ id }) => id)], most, language)
}

function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= LONGEST) return name
  const head = Math.ceil((LONGEST - 1) / 2)
  return [...characters.slice(0, head), '…', ...characters.slice(head + 1 - LONGEST)].join('')
}
