import type { FigurePanel, FigurePicture } from '../../shared/contract/figures.ts'
import type { MetricName } from '../../shared/names.ts'
import type { Cell, FigureMaps } from './figure-maps.ts'

/** What predicts a failure where nobody has decided. */
export interface FailureRule {
  metric: MetricName
  tau: number
  theta: number
  direction: 'below' | 'above'
  /** Where it is from, for the caption. */
  source: string
}

/** What reviewers say of a map's single-item dominance. */
export interface DominanceVerdict {
  dominates: boolean
  /** 1 / the probability with which a queue drew the map; 1 where it is not known. */
  weight: number
}

/** What a named figure is made from. */
export interface FigureInput {
  maps: FigureMaps
  /** The metric of figures whose metric may be chosen. */
  metric: MetricName
  tau: number
  rule: FailureRule
  verdicts: ReadonlyMap<number, DominanceVerdict>
  /** What the uniform and the random map get over these samples. */
  baselines: (sampleIds: ReadonlySet<number>, metric: MetricName) => Promise<FigurePanel['baselines']>
  /** Size of a map's sample. */
  sizeOf: (sampleId: number) => { rows: number; columns: number }
  /** All networks from elsewhere, oldest first. */
  networks: readonly string[]
  /** Lets other work go on where it has waited for long. */
  rest: () => Promise<void> | undefined
}

/** What a named figure shows. */
export interface FigureContent {
  panels: FigurePanel[]
  /** The maps that it is about. */
  cells: readonly Cell[]
  pictures?: FigurePicture[]
  /** What is drawn, as the beginning of a sentence that goes on with "over … maps". */
  subject: string
  /** Further sentences of the caption. */
  sentences?: string[]
  notes?: string[]
}

export type NamedFigure = (input: FigureInput) => FigureContent | Promise<FigureContent>
