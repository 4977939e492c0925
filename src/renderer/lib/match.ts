/**
 * How well a text answers what was typed: null when letters are missing, else smaller is better. Whole beginnings of
 * words count most, then substrings, then letters in order.
 */
export function matchRank(text: string, typed: string): number | null {
  const [whole, wanted] = [text.toLowerCase(), typed.trim().toLowerCase()]
  if (wanted === '') return 0
  const at = whole.indexOf(wanted)
  if (at === 0) return 0
  if (at > 0) return /[\p{L}\p{N}]/u.test(whole[at - 1] ?? '') ? 2 : 1
  let from = 0
  for (const letter of wanted.replace(/\s+/g, '')) {
    const found = whole.indexOf(letter, from)
    if (found === -1) return null
    from = found + 1
  }
  return 3
}

/** The things whose text matches, best first; equal ones keep their order. */
export function matching<T>(things: readonly T[], typed: string, text: (thing: T) => string): T[] {
  return things
    .flatMap((thing, index) => {
      const rank = matchRank(text(thing), typed)
      return rank === null ? [] : [{ thing, rank, index }]
    })
    .sort((left, right) => left.rank - right.rank || left.index - right.index)
    .map(({ thing }) => thing)
}
