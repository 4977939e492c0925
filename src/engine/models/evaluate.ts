import { readLogits, predictedClasses, recordForward } from './forward.ts'
import type { PreparedModel } from './prepared-model.ts'

/** Labelled images that are drawn when they are needed. */
export interface LabelledSequences {
  readonly count: number
  /** [count] */
  readonly labels: ArrayLike<number>
  /** Draws the images of the given indices: [indices, rows, columns] in [-1, 1]. */
  readonly render: (indices: Uint32Array) => Float32Array
}

const EVALUATION_BATCH = 200

/** The share of sequences whose largest logit is their label's, in [0, 1]. */
export async function evaluate(model: PreparedModel, sequences: LabelledSequences): Promise<number> {
  let correct = 0
  for (let start = 0; start < sequences.count; start += EVALUATION_BATCH) {
    const length = Math.min(EVALUATION_BATCH, sequences.count - start)
    const indices = Uint32Array.from({ length }, (_, index) => start + index)
    const forward = recordForward(model, sequences.render(indices))
    try {
      const predicted = predictedClasses(await readLogits(forward), model.layout.sizes.classes)
      predicted.forEach((label, index) => {
        if (label === sequences.labels[start + index]) correct += 1
      })
    } finally {
      forward.tape.dispose()
    }
  }
  return correct / sequences.count
}
