/** Worked out at the first call and kept. */
export function lazy<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined
  return () => {
    known ??= { value: compute() }
    return known.value
  }
}

interface Cache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V): unknown
}

/** The value under a key, worked out when first asked for. */
export function kept<K, V>(cache: Cache<K, V>, key: K, compute: () => V): V {
  const known = cache.get(key)
  if (known !== undefined) return known
  const value = compute()
  cache.set(key, value)
  return value
}

/** Works out the answer about each object once, and remembers it for as long as the object lives. */
export function remembered<K extends object, V>(compute: (about: K) => V): (about: K) => V {
  const answers = new WeakMap<K, { readonly value: V }>()
  return (about) => {
    let known = answers.get(about)
    if (!known) {
      known = { value: compute(about) }
      answers.set(about, known)
    }
    return known.value
  }
}
