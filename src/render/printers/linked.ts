import type { Link } from '../blocks.ts'

/** A text with one link in it, from the last or first place that names the thing. Null if the text does not name it. */
export function aroundLink(
  text: string,
  link: Link | undefined,
): { readonly before: string; readonly link: Link; readonly after: string } | null {
  const at =
    link && link.text !== '' ? (link.isFirst ? text.indexOf(link.text) : text.lastIndexOf(link.text)) : -1
  if (!link || at < 0) return null
  return { before: text.slice(0, at), link, after: text.slice(at + link.text.length) }
}
