import { seededGenerator } from '../../../src/shared/seeds.ts'
import type { Model } from '../../../src/engine/models/model.ts'
import { changedModel } from '../changed-model.ts'
import { largestDifference } from '../compare.ts'
import { referenceMap } from './explain.ts'

/** Relative distance of neighbouring float32 values. */
export const LAST_PLACE = 2 ** -23
/** Most moves cancel; where a unit hangs by a thread a few of them tell. */
const MOVES = 64

/**
 * How far the exact map moves when every weight moves by one unit of float32's last place, up or down at random: the largest difference over
 * some such moves. Whatever is computed in float32 can come no closer to the exact map, however right the rule.
 *
 * @param image [rows, columns]
 * @param n the sample's index
 */
export function sensitivityOf(
  model: Model,
  image: Float32Array,
  target: number,
  method: string,
  n: number,
): number {
  const exact = referenceMap(model, image, target, method, n)
  const differences = Array.from({ length: MOVES }, (_, move) => {
    const generator = seededGenerator(move, 'last place')
    const moved = changedModel(model, (__, values) =>
      values.map((value) => value * (1 + LAST_PLACE * Math.sign(generator.float() - 0.5))),
    )
    return largestDifference(referenceMap(moved, image, target, method, n), exact)
  })
  return Math.max(...differences)
}
