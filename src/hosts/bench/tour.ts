/** The cookie by which a browser remembers that the tour is over, so that a page under measure shows none. */
export function tourIsOver(origin: string): { name: string; value: string; url: string } {
  return { name: 'heatproof.tour', value: encodeURIComponent(JSON.stringify('over')), url: origin }
}
