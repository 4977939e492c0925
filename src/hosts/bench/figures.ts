import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drawFigure } from '../../engine/api/figures.ts'
import { MapTable } from '../../engine/review/map-table.ts'
import { openWorkspace } from '../../engine/workspace/open.ts'
import { FigureRequest } from '../../shared/contract/figures.ts'
import { FIGURE_NAMES } from '../../shared/figures.ts'
import { fillWorkspace } from './generated-workspace.ts'

export interface FigureRow {
  figure: string
  /** Maps that it is about. */
  maps: number
  /** Wall time, and processor time of the whole process meanwhile; medians over the rounds. */
  seconds: number
  processorSeconds: number
  /** Bound on `processorSeconds`. */
  goal: number
}

const ROUNDS = 3
const GOAL = 1
/** Pixels are not read for figures, so they may be few: the file stays below a gigabyte. */
const SIZE = { rows: 4, columns: 12, pixelScores: false }
const METHODS = ['sa', 'sa_const_gates', 'gi', 'gb', 'gb_raw_gates', 'dtd', 'lrp_a1.5b0.5', 'random']
const ARCHITECTURES = ['deep', 'rlstm', 'convdeep', 'convdeep_lateral'] as const

/** Makes every named figure over that many maps under a cap that is not the active one, so that nothing is at hand. */
export async function benchFigures(maps = 1_000_000): Promise<FigureRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-bench-'))
  try {
    const workspace = openWorkspace(join(folder, 'figures.heatproof'), { create: true })
    try {
      fillWorkspace(workspace, {
        ...SIZE,
        samples: Math.ceil(maps / (METHODS.length * ARCHITECTURES.length)),
        methods: METHODS,
        architectures: ARCHITECTURES.map((architecture) => ({ architecture })),
      })
      const dependencies = { database: workspace.database, maps: new MapTable(workspace.database) }
      const rows: FigureRow[] = []
      for (const name of FIGURE_NAMES) {
        const request = FigureRequest.parse({ name, tau: 0.7 })
        rows.push(await measured(name, () => drawFigure(dependencies, request)))
      }
      return rows
    } finally {
      workspace.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** One round that is not timed before those that are: it reads the workspace. */
async function measured(figure: string, make: () => Promise<{ maps: number }>): Promise<FigureRow> {
  const { maps } = await make()
  const times: { seconds: number; processorSeconds: number }[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const [start, before] = [performance.now(), process.cpuUsage()]
    await make()
    const { user, system } = process.cpuUsage(before)
    times.push({ seconds: (performance.now() - start) / 1000, processorSeconds: (user + system) / 1e6 })
  }
  const median = (of: 'seconds' | 'processorSeconds') =>
    times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? NaN
  return {
    figure,
    maps,
    seconds: median('seconds'),
    processorSeconds: median('processorSeconds'),
    goal: GOAL,
  }
}
