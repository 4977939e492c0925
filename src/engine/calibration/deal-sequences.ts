import { seededGenerator } from '../../shared/seeds.ts'
import type { Sample } from './observations.ts'

/**
 * Deals the base sequences to parts in turn: shuffled by the seed, those with a failing map first, so that failures are spread
 * evenly and all maps of a sequence are in one part.
 *
 * @param scope what the parts are for; other scopes deal independently
 * @returns the part of each observation, 0 .. parts - 1
 */
export function dealSequences(
  { fails, sequence, sequences }: Sample,
  { seed, scope, parts }: { seed: number; scope: string; parts: number },
): Int32Array {
  const generator = seededGenerator(seed, scope)
  const failing = new Uint8Array(sequences)
  sequence.forEach((group, at) => (failing[group] = (failing[group] ?? 0) | (fails[at] ?? 0)))
  const keys = Array.from({ length: sequences }, () => generator.uniformInt(0, 0x7fffffff))
  const dealt = Array.from(keys.keys()).sort(
    (a, b) => (failing[b] ?? 0) - (failing[a] ?? 0) || (keys[a] ?? 0) - (keys[b] ?? 0) || a - b,
  )
  const partOf = new Int32Array(sequences)
  dealt.forEach((group, position) => (partOf[group] = position % parts))
  return sequence.map((group) => partOf[group] ?? 0)
}
