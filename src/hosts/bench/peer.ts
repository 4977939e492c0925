import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { writeModel } from '../../engine/models/model.ts'
import type { ArchitectureName, BackendName } from '../../shared/names.ts'
import { timeTasks, type TimedTask } from './compute.ts'
import { BATCH, freshModel, type TaskName } from './work.ts'

const SCRIPT = fileURLToPath(new URL('../../../test/bench/peer_torch.py', import.meta.url))
const ROUNDS = 7
const PEER_BATCHES = [200, BATCH]

const Timing = z.object({ milliseconds: z.number(), fastest: z.number(), slowest: z.number() })
const PeerResult = z.object({
  torch: z.string(),
  threads: z.int(),
  forward: Timing,
  four: Timing,
  train: Timing,
  zennit_dtd: Timing.optional(),
})

/** A task timed in PyTorch, and how long this program took for the same, turn by turn. */
export interface PeerRow {
  /** e.g. `PyTorch 2.4.0, 2 threads`, or zennit on it. */
  peer: string
  architecture: ArchitectureName
  task: TaskName
  /** The peer's time, median over the turns. */
  milliseconds: number
  ratios: PeerRatio[]
}

/** Time here divided by the peer's of the same turn; below 1 this program is faster. */
export interface PeerRatio {
  backend: BackendName
  /** Median over the turns. */
  ratio: number
  smallest: number
  largest: number
  /** What the ratio is to be at most; null where no goal is set. */
  goal: number | null
}

export interface PeerReport {
  rows: PeerRow[]
  /** Why there are none; empty otherwise. */
  missing: string
}

/** This program and the peer take turns, so that whatever else the machine does falls on both. */
const TURNS = 3
const COMPARED_TASKS = ['forward', 'dtd', 'four', 'train'] as const satisfies readonly TaskName[]

/**
 * Times the propagation written by hand in PyTorch (test/bench/peer_torch.py) on networks of the same sizes, with as many
 * threads as there are cores, in turns with this program.
 *
 * @param python the interpreter that has torch and numpy, and perhaps zennit
 */
export async function benchPeer(
  python: string,
  architectures: readonly ArchitectureName[],
  backends: readonly BackendName[],
): Promise<PeerReport> {
  const has = (module: string) => spawnSync(python, ['-c', `import ${module}`]).status === 0
  if (!has('torch, numpy')) return { rows: [], missing: `${python} has no torch and numpy` }
  const zennit = has('zennit') ? ['--zennit'] : []
  const rows: PeerRow[] = []
  for (const architecture of architectures) {
    const turns: Turn[] = []
    for (let turn = 0; turn < TURNS; turn += 1) {
      const own: TimedTask[] = []
      for (const backend of backends) own.push(...(await timeTasks(backend, architecture, COMPARED_TASKS)))
      turns.push({ own, peer: fastestPeer(python, architecture, zennit) })
    }
    rows.push(...peerRows(architecture, turns))
  }
  return { rows, missing: '' }
}

export interface Turn {
  own: readonly TimedTask[]
  peer: z.infer<typeof PeerResult>
}

/** A row a task that the peer does, with the ratio of each backend. */
export function peerRows(architecture: ArchitectureName, turns: readonly Turn[]): PeerRow[] {
  const [first] = turns
  if (first === undefined) return []
  const name = `PyTorch ${first.peer.torch}, ${first.peer.threads} threads`
  const row = (
    task: TaskName,
    timing: 'forward' | 'four' | 'train' | 'zennit_dtd',
    peer: string,
  ): PeerRow => {
    const times = turns.map((turn) => turn.peer[timing]?.milliseconds ?? NaN)
    const backends = [...new Set(first.own.map(({ backend }) => backend))]
    return {
      peer,
      architecture,
      task,
      milliseconds: median(times),
      ratios: backends.map((backend) => {
        const ratios = turns.map(({ own }, turn) => {
          const timed = own.find((candidate) => candidate.backend === backend && candidate.task === task)
          return (timed?.milliseconds ?? NaN) / (times[turn] ?? NaN)
        })
        return {
          backend,
          ratio: median(ratios),
          smallest: Math.min(...ratios),
          largest: Math.max(...ratios),
          goal: goalOf(backend, architecture, task),
        }
      }),
    }
  }
  return [
    row('forward', 'forward', name),
    row('four', 'four', name),
    row('train', 'train', name),
    ...(first.peer.zennit_dtd ? [row('dtd', 'zennit_dtd', `zennit, ${name}`)] : []),
  ]
}

/** The most that a task may take of the peer's time. */
function goalOf(backend: BackendName, architecture: ArchitectureName, task: TaskName): number | null {
  if (task === 'train') return 2
  if (task === 'dtd') return backend === 'tensorflow' ? 0.5 : null
  if (task !== 'four' || backend === 'webgpu') return null
  if (backend === 'tensorflow') return 1
  return architecture === 'convdeep' ? 3 : 2
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

/** Each of the peer's times, for as many sequences as this program's batches have, with the batch that is best for it. */
function fastestPeer(
  python: string,
  architecture: ArchitectureName,
  options: readonly string[],
): z.infer<typeof PeerResult> {
  return PEER_BATCHES.map((batch) => {
    const result = runPeer(python, architecture, [...options, '--batch', String(batch)])
    const scaled = (timing: z.infer<typeof Timing>) => scaleTiming(timing, BATCH / batch)
    return {
      ...result,
      forward: scaled(result.forward),
      four: scaled(result.four),
      ...(result.zennit_dtd && { zennit_dtd: scaled(result.zennit_dtd) }),
    }
  }).reduce(fasterTimes)
}

function scaleTiming(timing: z.infer<typeof Timing>, factor: number): z.infer<typeof Timing> {
  return {
    milliseconds: factor * timing.milliseconds,
    fastest: factor * timing.fastest,
    slowest: factor * timing.slowest,
  }
}

export function fasterTimes(
  one: z.infer<typeof PeerResult>,
  other: z.infer<typeof PeerResult>,
): z.infer<typeof PeerResult> {
  const faster = (a: z.infer<typeof Timing>, b: z.infer<typeof Timing>) =>
    a.milliseconds <= b.milliseconds ? a : b
  return {
    ...one,
    forward: faster(one.forward, other.forward),
    four: faster(one.four, other.four),
    train: faster(one.train, other.train),
    ...(one.zennit_dtd && other.zennit_dtd && { zennit_dtd: faster(one.zennit_dtd, other.zennit_dtd) }),
  }
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
