/** Computes at the first call and keeps the result. */
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

/** The cached value of a key, computed at the first request. */
export function kept<K, V>(cache: Cache<K, V>, key: K, compute: () => V): V {
  const known = cache.get(key)
  if (known !== undefined) return known
  const value = compute()
  cache.set(key, value)
  return value
}

/** Computes the answer for each object once and keeps it as long as the object lives. */
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
