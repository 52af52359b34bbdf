/**
 * The blocks that fit into `room`, in their order, and how many were left out. A block that does not fit is left out;
 * a smaller one after it may still fit.
 */
export function fittingBlocks<T>(
  blocks: readonly T[],
  room: number,
  costOf: (block: T) => number,
): { readonly shown: readonly T[]; readonly left: number } {
  let free = room
  const shown = blocks.filter((block) => {
    const cost = costOf(block)
    if (cost > free) return false
    free -= cost
    return true
  })
  return { shown, left: blocks.length - shown.length }
}
