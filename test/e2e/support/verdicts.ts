import type { RunningApp } from './app.ts'

/** Draws a random queue and decides it like a reviewer who mostly, not always, follows dominance. */
export async function decideByDominance(app: RunningApp, reviewer: string, size: number): Promise<void> {
  const queue = await app.call('review.createQueue', {
    filter: {},
    order: 'random',
    metric: 'dominance',
    size,
  })
  const items = await app.call('review.items', { queueId: queue.id, reviewer, offset: 0, limit: size })
  const ranked = items
    .filter((item) => item.value !== null)
    .toSorted((left, right) => (right.value ?? 0) - (left.value ?? 0))
  for (const [index, { mapId }] of ranked.entries()) {
    const fails = index < ranked.length / 2 !== (index % 9 === 4)
    await app.call('review.decide', {
      mapIds: [mapId],
      reviewer,
      verdict: fails ? 'fail' : 'accept',
      modes: fails ? ['single_item_dominance'] : [],
      queueId: queue.id,
    })
  }
}
