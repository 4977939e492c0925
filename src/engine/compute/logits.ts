import type { LogitsOf } from '../metrics/pixel-flipping.ts'
import { batchOfInputs } from './batch-size.ts'
import type { ComputePool } from './pool.ts'

/** Images that share one forward pass; more would only take memory. */
const BATCH = 200

/**
 * What a model says of images, computed by the pool's workers, without any map.
 *
 * @param model its key, and how its safetensors file is read
 */
export function logitsOfModel(pool: ComputePool, model: { key: string; file: () => Uint8Array }): LogitsOf {
  return async (images, count) => {
    const values = images.length / count
    const size = batchOfInputs(BATCH, values)
    const firsts = Array.from({ length: Math.ceil(count / size) }, (_, batch) => batch * size)
    const results = await Promise.all(
      firsts.map((first) =>
        pool.explain(
          {
            modelKey: model.key,
            input: images.slice(first * values, (first + size) * values),
            targets: 'predicted',
            methods: [],
            sampleIndices: [],
            regions: [],
          },
          model.file,
        ),
      ),
    )
    const classes = results[0]?.classes ?? 0
    const logits = new Float32Array(count * classes)
    results.forEach((result, batch) => logits.set(result.logits, batch * size * classes))
    return logits
  }
}
