import type { Database } from 'better-sqlite3'
import { HeatproofError } from '../../shared/errors.ts'
import { isSigned, parseMethod } from '../../shared/methods.ts'
import { requireOneSample } from '../compare/agreement.ts'
import { renderMapImage } from '../exchange/map-image.ts'
import { differenceMap } from '../metrics/difference-map.ts'
import type { MapTable } from '../review/map-table.ts'
import { float32FromBlob, toBlob } from '../workspace/blobs.ts'
import { getMap, getMapBytes } from '../workspace/maps.ts'
import { listMapValues } from '../workspace/map-values.ts'
import { getModelWeights } from '../workspace/models.ts'
import { getSample, getSampleBytes } from '../workspace/samples.ts'
import type { BulkData } from './engine.ts'
import { comparisonFile, figureFile } from './figures.ts'

import { sanityTable } from './sanity.ts'

export function bulkData(database: Database, maps: MapTable): BulkData {
  const mapValues = (id: number) => getMapBytes(database, id) ?? missing('map', id)
  const sampleValues = (id: number) => getSampleBytes(database, id) ?? missing('sample', id)
  const mapImage = (id: number) => {
    const map = getMap(database, id) ?? missing('map', id)
    const { rows, columns } = getSample(database, map.sampleId) ?? missing('sample', map.sampleId)
    const values = float32FromBlob(mapValues(id))
    return renderMapImage({ values, rows, columns, signed: isSigned(parseMethod(map.method)) })
  }
  return {
    mapValues,
    manyMapValues: (ids) => together(ids, mapValues),
    sampleValues,
    manySampleValues: (ids) => together(ids, sampleValues),
    modelFile: (id) => fileOf(getModelWeights(database, id)) ?? missing('model with weights', id),
    mapDifference: (id, otherId) => {
      const maps = new Map(listMapValues(database, [id, otherId]).map((map) => [map.mapId, map]))
      const [a, b] = [maps.get(id) ?? missing('map', id), maps.get(otherId) ?? missing('map', otherId)]
      requireOneSample(a, b)
      return toBlob(differenceMap(a.values, b.values))
    },
    mapImage,
    figure: (request, format, look, caller) =>
      figureFile({ database, maps }, request, { format, look, imageOf: mapImage }, caller),
    comparison: (request, format, caller) => comparisonFile({ database, maps }, request, format, caller),
    sanityTable: (id) => sanityTable(database, id),
  }
}

/** Bytes of several rows, one after the other, each after its length as uint32. */
function together(ids: readonly number[], read: (id: number) => Uint8Array): Uint8Array {
  return Buffer.concat(
    ids.flatMap((id) => {
      const bytes = read(id)
      return [toBlob(Uint32Array.of(bytes.length)), bytes]
    }),
  )
}

function missing(what: string, id: number): never {
  throw new HeatproofError('not_found', {
    found: `no ${what} ${id}`,
    expected: `the id of a ${what} of this workspace`,
    advice: 'Follow a link of the app, or see the lists of the Runs screen.',
  })
}

/** A network of which there are maps alone has none. */
function fileOf(weights: Uint8Array | undefined): Uint8Array | undefined {
  return weights?.length === 0 ? undefined : weights
}
