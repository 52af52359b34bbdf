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
