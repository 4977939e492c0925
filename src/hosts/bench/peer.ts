import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { writeModel } from '../../engine/models/model.ts'
import type { ArchitectureName, BackendName } from '../../shared/names.ts'
import type { ComputeRow } from './compute.ts'
import { freshModel, type TaskName } from './work.ts'

const SCRIPT = fileURLToPath(new URL('../../../test/bench/peer_torch.py', import.meta.url))
const ROUNDS = 7

const Timing = z.object({ milliseconds: z.number(), fastest: z.number(), slowest: z.number() })
const PeerResult = z.object({
  torch: z.string(),
  threads: z.int(),
  forward: Timing,
  four: Timing,
  train: Timing,
  zennit_dtd: Timing.optional(),
})

/** A task timed in PyTorch, and how long this program took for the same in the same run. */
export interface PeerRow {
  /** e.g. `PyTorch 2.4.0, 2 threads`, or zennit on it. */
  peer: string
  architecture: ArchitectureName
  task: TaskName
  milliseconds: number
  /** Time here divided by the peer's; below 1 this program is faster. */
  ratios: { backend: BackendName; ratio: number }[]
}

export interface PeerReport {
  rows: PeerRow[]
  /** Why there are none; empty otherwise. */
  missing: string
}

/**
 * Times the propagation written by hand in PyTorch (test/bench/peer_torch.py) on networks of the same sizes, with as many
 * threads as there are cores.
 *
 * @param python the interpreter that has torch and numpy, and perhaps zennit
 */
export function benchPeer(
  python: string,
  architectures: readonly ArchitectureName[],
  compute: readonly ComputeRow[],
): PeerReport {
  const has = (module: string) => spawnSync(python, ['-c', `import ${module}`]).status === 0
  if (!has('torch, numpy')) return { rows: [], missing: `${python} has no torch and numpy` }
  const zennit = has('zennit') ? ['--zennit'] : []
  const rows = architectures.flatMap((architecture) => {
    const result = runPeer(python, architecture, zennit)
    const name = `PyTorch ${result.torch}, ${result.threads} threads`
    const row = (task: TaskName, { milliseconds }: z.infer<typeof Timing>, peer = name): PeerRow => ({
      peer,
      architecture,
      task,
      milliseconds,
      ratios: ratiosOf(compute, architecture, task, milliseconds),
    })
    return [
      row('forward', result.forward),
      row('four', result.four),
      row('train', result.train),
      ...(result.zennit_dtd ? [row('dtd', result.zennit_dtd, `zennit, ${name}`)] : []),
    ]
  })
  return { rows, missing: '' }
}

function runPeer(
  python: string,
  architecture: ArchitectureName,
  options: readonly string[],
): z.infer<typeof PeerResult> {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-peer-'))
  try {
    const model = join(folder, 'model.safetensors')
    writeFileSync(model, writeModel(freshModel(architecture)))
    const threads = String(availableParallelism())
    const { stdout, stderr, status } = spawnSync(
      python,
      [SCRIPT, '--model', model, '--rounds', String(ROUNDS), '--threads', threads, ...options],
      { encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`${python} ${SCRIPT} failed: ${stderr}`)
    return PeerResult.parse(JSON.parse(stdout))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `train` is a single step on both sides. */
function ratiosOf(
  compute: readonly ComputeRow[],
  architecture: ArchitectureName,
  task: TaskName,
  milliseconds: number,
): PeerRow['ratios'] {
  return compute
    .filter((row) => row.architecture === architecture && row.task === task)
    .map((row) => ({ backend: row.backend, ratio: row.milliseconds / milliseconds }))
}
