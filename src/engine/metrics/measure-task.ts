import { measureMap, type MeasuredMap } from './measure-map.ts'
import type { MapRegion } from './regions.ts'
import { strokeMask } from './strokes.ts'

/** A map with what it is measured against. */
export interface MapToMeasure {
  values: Float32Array
  input: Float32Array
  rows: number
  columns: number
  regions: MapRegion[]
}

/** All that is stored of some maps for their metrics. @throws HeatproofError as {@link measureMap} */
export function measureAll(maps: readonly MapToMeasure[]): MeasuredMap[] {
  return maps.map(({ values, input, rows, columns, regions }) =>
    measureMap({ map: values, rows, columns }, regions, strokeMask({ input, rows, columns }, regions)),
  )
}
