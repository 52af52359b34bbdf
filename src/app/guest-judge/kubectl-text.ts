// The output of `kubectl … -o json`, with what stands around it on a terminal: a prompt, a warning, an error.

export type KubectlText =
  | { readonly kind: 'json'; readonly json: unknown }
  /** `line`: what kubectl complained. */
  | { readonly kind: 'kubectlFailed'; readonly line: string }
  | { readonly kind: 'severalJson' | 'noJson' }

/** A line that begins an object or a list. `[root@web ~]#` does not. */
const BEGIN = /^[ \t]*(?:\{\s*["}]|\[\s*[{\]"\d])/m

const FAILED =
  /^(?:error:|Error from server|Unable to connect to the server|The connection to the server).*|^.*kubectl: (?:command )?not found.*|^.*command not found: kubectl.*/m

/** Null: nothing in it is of kubectl. */
export function kubectlTextOf(text: string): KubectlText | null {
  const whole = parsed(text)
  if (whole !== undefined) return { kind: 'json', json: whole }
  const start = text.search(BEGIN)
  if (start < 0) {
    const [line] = FAILED.exec(text) ?? []
    if (line !== undefined) return { kind: 'kubectlFailed', line: line.trim() }
    return /^\s*\{/.test(text) ? { kind: 'noJson' } : null
  }
  const end = endOf(text, start)
  if (end === null) return { kind: 'noJson' }
  if (BEGIN.test(text.slice(end))) return { kind: 'severalJson' }
  const json = parsed(text.slice(start, end))
  return json === undefined ? { kind: 'noJson' } : { kind: 'json', json }
}

function parsed(text: string): unknown {
  // kubectl prints no number or word alone.
  if (!/^\s*[{[]/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Behind the bracket that closes the first one. Null: none does. */
function endOf(text: string, start: number): number | null {
  const marks = /["{}[\]]/g
  marks.lastIndex = start
  let depth = 0
  for (let found = marks.exec(text); found; found = marks.exec(text)) {
    const [mark] = found
    if (mark === '"') {
      const string = /(?:[^"\\]|\\.)*"/sy
      string.lastIndex = marks.lastIndex
      if (!string.test(text)) return null
      marks.lastIndex = string.lastIndex
      continue
    }
    depth += mark === '{' || mark === '[' ? 1 : -1
    if (depth === 0) return marks.lastIndex
  }
  return null
}
