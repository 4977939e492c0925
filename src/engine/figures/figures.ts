import type { FigureName } from '../../shared/figures.ts'
import { cappedFigure } from './capped.ts'
import { cosineFigure } from './cosine.ts'
import { distributionFigure } from './distribution.ts'
import { dominanceFigure } from './dominance.ts'
import { dominanceRateFigure } from './dominance-rate.ts'
import type { NamedFigure } from './figure-input.ts'
import { gbGatesFigure } from './gb-gates.ts'
import { lateralFigure } from './lateral.ts'
import { metricsFigure } from './metrics.ts'
import { outOfRangeFigure } from './out-of-range.ts'
import { positionFigure } from './position.ts'

/** Every named figure, made by the function of its file. Texts are in `shared/figures.ts`. */
export const FIGURES: Readonly<Record<FigureName, NamedFigure>> = {
  metrics: metricsFigure,
  'gb-gates': gbGatesFigure,
  capped: cappedFigure,
  dominance: dominanceFigure,
  lateral: lateralFigure,
  cosine: cosineFigure,
  distribution: distributionFigure,
  'dominance-rate': dominanceRateFigure,
  position: positionFigure,
  'out-of-range': outOfRangeFigure,
}
