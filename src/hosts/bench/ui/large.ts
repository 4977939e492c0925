import type { Browser } from 'playwright-core'
import type { MapFilter } from '../../../shared/contract/common.ts'
import type { Client } from '../client.ts'
import { startMeasuredServer } from '../measured-server.ts'
import { addressOf, firstHeatmap, onPage } from './page.ts'
import { changeTimes, facetChanges } from './queue-changes.ts'
import { uiRow, type UiRow } from './report.ts'

const PAGE = 500
const PAGES = 20

/** Opening, filtering and paging a workspace of very many maps, what waits meanwhile, and the memory of the engine. */
export async function largeRows(browser: Browser, path: string, rounds: number): Promise<UiRow[]> {
  const began = performance.now()
  const server = await startMeasuredServer(path)
  const { client } = server
  const address = addressOf(server.address, '/review')
  try {
    const opening = await server.watch(async () => {
      await onPage(browser, address, firstHeatmap)
      return performance.now() - began
    })
    const filtering = await server.watch(() =>
      onPage(browser, address, (page) => changeTimes(page, facetChanges(rounds))),
    )
    const paging = await server.watch(() => pageTimes(client, {}))
    return [
      uiRow('start of the engine to the first heatmap', [opening.result], null),
      uiRow('engine blocked meanwhile', [opening.blocked], 100),
      uiRow('filter change to first rows', filtering.result, 1000),
      uiRow('engine blocked meanwhile', [filtering.blocked], null),
      uiRow(`a page of ${PAGE} rows anywhere in the queue`, paging.result, 1000),
      uiRow('largest memory of the engine', [paging.peak / 1e6], null, 'MB'),
    ]
  } finally {
    await server.close()
  }
}

/** Reads pages from all over a queue of all maps. */
async function pageTimes(client: Client, filter: MapFilter): Promise<number[]> {
  const { id, length } = await client.call('review.createQueue', { filter, order: 'worst_first', size: 0 })
  const times: number[] = []
  for (let page = 0; page < PAGES; page += 1) {
    const offset = Math.floor(((length - PAGE) * ((page * 7) % PAGES)) / PAGES)
    const began = performance.now()
    await client.call('review.items', {
      queueId: id,
      reviewer: 'bench',
      offset: Math.max(0, offset),
      limit: PAGE,
    })
    times.push(performance.now() - began)
  }
  return times
}
