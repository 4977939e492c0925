import type { ComparedMap } from '../../../shared/contract/compare.ts'
import type { ColourScale } from '../../lib/colour-scale.ts'

export const SCALES = ['own', 'method', 'all'] as const
/** Who shares a scale: nobody, the maps of a method, or all maps of the sequence. */
export type ScaleChoice = (typeof SCALES)[number]

type Ranged = Pick<ComparedMap, 'method' | 'low' | 'high' | 'signed'>

const largest = ({ low, high }: Ranged) => Math.max(Math.abs(low), Math.abs(high))

/** The largest absolute value that a map's scale reaches, over the maps that share it. */
export function limitOf(map: Ranged, maps: readonly Ranged[], choice: ScaleChoice): number {
  const sharing =
    choice === 'own' ? [map] : maps.filter((other) => choice === 'all' || other.method === map.method)
  return sharing.reduce((limit, other) => Math.max(limit, largest(other)), 0)
}

/** A scale from 0, or from the negative limit for signed values, to the limit: the whole range, nothing clipped. */
export function scaleTo(limit: number, signed: boolean): ColourScale {
  return { low: signed ? -limit : 0, high: limit, signed, covered: 1, clipped: 0 }
}
