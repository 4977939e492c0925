import type { Database } from 'better-sqlite3'
import { className } from '../../shared/class-names.ts'
import type { MapPair, PairRequest, PairSummary } from '../../shared/contract/compare.ts'
import type { Handlers } from '../../shared/contract/contract.ts'
import { measurePairs } from '../compare/agreement.ts'
import { pairsOf, type PairedMaps, type Pairs } from '../compare/pairs.ts'
import { comparedSequence } from '../compare/sequence.ts'
import { measuredPairs, summarisePairs } from '../compare/summary.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import type { ComputePool } from '../compute/pool.ts'
import { columnsFor } from '../review/blind.ts'
import type { MapTable } from '../review/map-table.ts'
import { samplesOfQueue } from '../review/require-queue.ts'
import { baseSequences, listSampleFacts } from '../workspace/samples.ts'

export interface CompareDependencies {
  database: Database
  maps: MapTable
  pool: () => Promise<ComputePool>
}

type CompareNames = 'compare.sequence' | 'compare.pairs' | 'compare.agreement' | 'compare.summary'

export function compareHandlers(dependencies: CompareDependencies): Handlers<CompareNames> {
  const { database, maps, pool } = dependencies
  const summaries = new Map<string, Promise<PairSummary>>()
  const pairsFor = async ({ queueId, ...request }: PairRequest, caller?: Caller) => {
    const columns = columnsFor(database, await maps.ready(), caller)
    const samples = queueId === null ? undefined : samplesOfQueue(database, columns, queueId)
    return pairsOf(columns, request, samples)
  }
  return {
    'compare.sequence': async (request, caller) =>
      comparedSequence(database, columnsFor(database, await maps.ready(), caller), request),
    'compare.pairs': async ({ offset, limit, ...request }, caller) => {
      const { pairs, unpaired } = await pairsFor(request, caller)
      const page = pairs.slice(offset, offset + limit)
      return { total: pairs.length, unpaired, pairs: withFacts(database, page) }
    },
    'compare.agreement': async ({ pairs }) => measurePairs(database, await pool(), pairs),
    'compare.summary': async (request, caller) => {
      const found = await pairsFor(request, caller)
      return kept(summaries, keyOf(request, found), () => summarise(dependencies, found))
    },
  }
}

async function summarise({ database, pool }: CompareDependencies, found: Pairs): Promise<PairSummary> {
  const pairs = withFacts(database, measuredPairs(found.pairs))
  const agreement = await measurePairs(database, await pool(), pairs)
  const bases = baseSequences(database)
  const measured = pairs.map((pair, index) => ({ ...pair, agreement: agreement[index] ?? [] }))
  return summarisePairs(found, measured, (sampleId) => bases.get(sampleId) ?? sampleId)
}

function withFacts(database: Database, pairs: readonly PairedMaps[]): MapPair[] {
  const ids = pairs.map(({ sampleId }) => sampleId)
  const facts = new Map(listSampleFacts(database, ids).map((sample) => [sample.id, sample]))
  return pairs.flatMap((pair) => {
    const sample = facts.get(pair.sampleId)
    if (sample === undefined) return []
    const { rows, columns, label, dataset, source, provenance } = sample
    const labelName = className(dataset, label, source.classNames)
    return [{ ...pair, rows, columns, label, labelName, sequence: provenance.sequence }]
  })
}

/** Ids of maps are never used again and only grow: while the pairs are as many with the same sum, nothing has changed. */
function keyOf(request: PairRequest, { pairs, unpaired }: Pairs): string {
  const sum = pairs.reduce((before, { a, b }) => before + a + b, 0)
  return JSON.stringify([request, pairs.length, unpaired, sum])
}

const MOST_KEPT = 16

/** What was made for a key before, or made now; the oldest answers are dropped, and failures are not kept. */
function kept<Value>(
  answers: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const known = answers.get(key)
  if (known !== undefined) return known
  const made = make()
  answers.set(key, made)
  made.catch(() => answers.delete(key))
  for (const old of answers.keys()) {
    if (answers.size <= MOST_KEPT) break
    answers.delete(old)
  }
  return made
}
