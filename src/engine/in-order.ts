/**
 * Starts up to `lanes` pieces of work at a time and hands the results over in the order of the items. After the first
 * failure nothing new is started.
 */
export async function inOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  lanes: number,
  start: (item: Item) => Promise<Result>,
  use: (result: Result, item: Item) => Promise<void>,
): Promise<void> {
  const running: { item: Item; result: Promise<Result> }[] = []
  const useOldest = async () => {
    const oldest = running.shift()
    if (oldest !== undefined) await use(await oldest.result, oldest.item)
  }
  for await (const item of items) {
    const result = start(item)
    // A failure is met when its turn comes; until then it must not end the process as unhandled.
    result.catch(() => undefined)
    running.push({ item, result })
    if (running.length >= lanes) await useOldest()
  }
  while (running.length > 0) await useOldest()
}
