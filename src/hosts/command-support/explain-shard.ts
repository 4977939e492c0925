import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Engine } from '../../engine/api/engine.ts'
import { writeShard } from '../../engine/exchange/shards/write-shard.ts'
import { getModelWeights, insertModel, listModels, type NewModel } from '../../engine/workspace/models.ts'
import { openWorkspace, type Workspace } from '../../engine/workspace/open.ts'
import { getRun } from '../../engine/workspace/runs.ts'
import { RunRequest, type Shard } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { isComputable, type BackendName } from '../../shared/names.ts'
import { findModels } from './find-models.ts'
import { runJob, withWorkspace } from './job.ts'

export interface ShardOptions {
  workspace: string
  backend: BackendName | 'auto'
  models?: string | undefined
  shard: Shard
  out: string
  json?: true
}

/** How long parts that start at the same time wait for each other to read the models. */
const PATIENCE_MS = 120_000
const PAUSE_MS = 250

/**
 * Computes a part of a run in a workspace of its own beside the file, which goes on where it stopped, and writes the part into
 * the file. The given workspace is read once, for its models.
 */
export async function explainShard(
  options: ShardOptions,
  start: (engine: Engine) => Promise<{ jobId: number }>,
): Promise<{ path: string; shard: Shard; maps: number; bytes: number; sha256: string }> {
  const file = resolve(options.out)
  const scratch = `${file}.part`
  const { json, backend, shard } = options
  await copyModels(options, scratch)
  const runId = await withWorkspace({ workspace: scratch, backend }, async (engine) => {
    const { resultId } = await runJob(engine, {
      start: async () => (await start(engine)).jobId,
      quiet: json ?? false,
      afterwards: () => 'The same command goes on where it stopped.',
    })
    return resultId ?? 0
  })
  const workspace = openWorkspace(scratch)
  try {
    const run = getRun(workspace.database, runId)
    if (run === undefined) throw new Error(`no run ${runId}`)
    const request = RunRequest.parse(run.request)
    const written = await writeShard(workspace.database, { run, request, shard, file })
    return { path: file, shard, ...written }
  } finally {
    workspace.close()
    for (const part of ['', '-wal', '-shm', '-journal']) rmSync(scratch + part, { force: true })
  }
}

async function copyModels({ workspace, models }: ShardOptions, scratch: string): Promise<void> {
  const source = await openPatiently(workspace)
  const copied: NewModel[] = []
  try {
    const all = listModels(source.database).filter(isComputable)
    for (const model of models === undefined ? all : findModels(models, all)) {
      const weights = getModelWeights(source.database, model.id)
      if (weights !== undefined) copied.push({ ...model, weights })
    }
  } finally {
    source.close()
  }
  const target = openWorkspace(scratch, { create: true })
  try {
    for (const model of copied) insertModel(target.database, model)
  } finally {
    target.close()
  }
}

/** Opens a workspace as soon as others that read it for a moment are done. @throws HeatproofError `workspace_in_use` */
async function openPatiently(path: string): Promise<Workspace> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      return openWorkspace(path)
    } catch (error) {
      const isBusy = error instanceof HeatproofError && error.code === 'workspace_in_use'
      if (!isBusy || Date.now() > until) throw error
      await setTimeout(PAUSE_MS)
    }
  }
}
