import type { Database } from 'better-sqlite3'
import type { QueueItem } from '../../shared/contract/queues.ts'
import type { ReviewItem, Sameness } from '../../shared/contract/review.ts'
import { queueTests, type Origin } from '../workspace/queues.ts'
import { historyOf, latestVerdictsOf } from '../workspace/verdicts.ts'

/** In which queue, and by whom, a map is looked at. */
export interface Asked {
  queueId: number
  reviewer: string
}

/** Maps of a queue that test the reviewer and that they have not decided there yet, by why they are there. */
export function undecidedTests(
  database: Database,
  { queueId, reviewer }: Asked,
  mapIds?: readonly number[],
): Map<number, Origin> {
  const tests = testsOf(database, queueId, mapIds)
  for (const { mapId, queueId: decidedIn } of latestVerdictsOf(database, reviewer, [...tests.keys()])) {
    if (decidedIn === queueId) tests.delete(mapId)
  }
  return tests
}

/** A row of the queue as if the reviewer had never seen the map. */
export function withoutVerdict(item: QueueItem, tests: ReadonlyMap<number, Origin>): QueueItem {
  return tests.has(item.mapId) ? { ...item, verdict: null, modes: [] } : item
}

/** The map without the verdicts that would give it away: one's own of a repeat, everybody's where the answer is known. */
export function withoutAnswers(item: ReviewItem, origin: Origin | undefined, reviewer: string): ReviewItem {
  if (origin === undefined) return item
  const history = origin === 'known' ? [] : item.history.filter((row) => row.reviewer !== reviewer)
  return { ...item, history }
}

/** How often the reviewer, in this queue, said of a repeat what they had said before, and of a known map what is known. */
export function testsSameness(
  database: Database,
  { queueId, reviewer }: Asked,
  knownBy: string | null,
): { repeats: Sameness; known: Sameness } {
  const tests = testsOf(database, queueId)
  const said = new Map(
    latestVerdictsOf(database, reviewer, [...tests.keys()])
      .filter((row) => row.queueId === queueId)
      .map((row) => [row.mapId, row]),
  )
  const sameness = (origin: Origin, answerOf: (mapId: number) => string | undefined): Sameness => {
    const decided = [...said.values()].filter(({ mapId }) => tests.get(mapId) === origin)
    return {
      decided: decided.length,
      same: decided.filter(({ mapId, verdict }) => answerOf(mapId) === verdict).length,
    }
  }
  const before = new Map(
    [...said.keys()].map((mapId) => [mapId, verdictBefore(database, { queueId, reviewer }, mapId)]),
  )
  const answers = new Map(
    (knownBy === null ? [] : latestVerdictsOf(database, knownBy, [...said.keys()])).map((row) => [
      row.mapId,
      row.verdict,
    ]),
  )
  return {
    repeats: sameness('repeat', (mapId) => before.get(mapId)),
    known: sameness('known', (mapId) => answers.get(mapId)),
  }
}

function testsOf(database: Database, queueId: number, mapIds?: readonly number[]): Map<number, Origin> {
  const tests = queueTests(database, queueId)
  if (mapIds === undefined) return new Map(tests)
  return new Map(
    mapIds.flatMap((mapId) => {
      const origin = tests.get(mapId)
      return origin === undefined ? [] : [[mapId, origin] as const]
    }),
  )
}

/** What the reviewer had said of a map before this queue. */
function verdictBefore(database: Database, { queueId, reviewer }: Asked, mapId: number): string | undefined {
  const own = historyOf(database, mapId).filter((row) => row.reviewer === reviewer)
  const first = own.findIndex((row) => row.queueId === queueId)
  return own[first - 1]?.verdict
}
