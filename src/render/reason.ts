/** A headline without the name of the CLB, which stands before it anyway. */
export function reasonOf(
  headline: string,
  clb: { readonly id: string; readonly name?: string } | null,
): string {
  if (!clb) return headline
  return [`${clb.name ?? ''} (${clb.id})`, clb.id].reduce(
    (text, name) => text.replace(new RegExp(`^${escaped(name)}[:：]\\s*`), ''),
    headline,
  )
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
