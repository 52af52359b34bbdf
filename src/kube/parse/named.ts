import type { Named } from '../../model/kubernetes.ts'
import { type Json, text } from './json.ts'

/** Every object of Kubernetes has a name. */
export class NamelessError extends Error {
  override readonly name = 'NamelessError'
}

export function named(api: Json): Named {
  const name = text(api, 'metadata', 'name')
  if (name === null) throw new NamelessError('metadata.name')
  return { namespace: text(api, 'metadata', 'namespace') ?? '', name }
}
