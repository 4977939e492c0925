import { rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { MapFilter } from '../../src/shared/contract/common.ts'
import { QueueRequest } from '../../src/shared/contract/queues.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import type { Client } from '../../src/hosts/bench/client.ts'
import { growth } from './figures.ts'
import { serve, type Holding } from './served.ts'

export interface SoakResult {
  rounds: number
  /** What failed, by its message. */
  errors: string[]
  /** By how much the server's holdings grew in the last four fifths of the time. */
  growth: { memory: number; handles: number }
  /** The largest of each, in bytes; `handles` is a number. */
  largest: Holding
  /** Of the workspace's file in bytes, at the end. */
  file: number
}

/**
 * Lets a server live: round after round it computes maps, takes verdicts back and forth, filters, draws queues and exports, and what it
 * holds is noted after each.
 */
export async function soak({
  workspace,
  seconds,
}: {
  workspace: string
  seconds: number
}): Promise<SoakResult> {
  const { owner, modelId, holding, stop } = await serve(workspace, 200)
  const held: Holding[] = []
  const errors: string[] = []
  try {
    const end = performance.now() + 1000 * seconds
    for (let round = 0; round === 0 || performance.now() < end; round += 1) {
      try {
        await liveOneRound(owner, { round, modelId, folder: dirname(workspace) })
      } catch (error) {
        errors.push(error instanceof Error ? error.message : String(error))
      }
      held.push(holding())
    }
  } finally {
    await stop()
  }
  const most = (what: keyof Holding) => Math.max(...held.map((one) => one[what]))
  return {
    rounds: held.length,
    errors,
    growth: {
      memory: growth(held.map(({ memory }) => memory)),
      handles: growth(held.map(({ handles }) => handles)),
    },
    largest: { memory: most('memory'), handles: most('handles'), log: most('log') },
    file: statSync(workspace).size,
  }
}

async function liveOneRound(
  owner: Client,
  { round, modelId, folder }: { round: number; modelId: number; folder: string },
): Promise<void> {
  const random = seededGenerator(round, 'soak')
  const { jobId } = await owner.call('runs.start', {
    ...{ modelIds: [modelId], methods: ['sa'], dataset: 'mnist-3-digits-maj', split: 'test' },
    ...{ fold: 1, count: 20, seed: round, target: 'label' },
  })
  await ended(owner, jobId)
  const filter = MapFilter.parse({ correct: random.uniformInt(0, 1) === 0 })
  await owner.call('review.facets', { filter })
  const queue = await owner.call(
    'review.createQueue',
    QueueRequest.parse({ filter, order: 'random', seed: round }),
  )
  const items = await owner.call('review.items', { queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 50 })
  for (const { mapId } of items) {
    await owner.call('review.decide', {
      reviewer: 'Ada',
      mapIds: [mapId],
      verdict: 'accept',
      queueId: queue.id,
    })
    await owner.bytes(`/maps/${mapId}.f32`)
  }
  await owner.call('review.undo', { reviewer: 'Ada' })
  if (round % 5 > 0) return
  const name = `soak-${round}`
  const started = await owner.call('exports.start', {
    ...{ filter: {}, include: 'consensus', images: false, folder, name, createdBy: 'Ada' },
  })
  await ended(owner, started.jobId)
  rmSync(join(folder, name), { recursive: true, force: true })
}

/** Waits for a job. @throws Error unless it is done */
async function ended(owner: Client, jobId: number): Promise<void> {
  for (;;) {
    const job = (await owner.call('jobs.list', { limit: 20 })).find(({ id }) => id === jobId)
    if (job?.status === 'done') return
    if (job === undefined || job.status === 'failed' || job.status === 'cancelled') {
      throw new Error(`job ${jobId} ended as ${job?.status ?? 'nothing'}: ${job?.error ?? ''}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
