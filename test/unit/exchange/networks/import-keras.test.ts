import { readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { importNetwork } from '../../../../src/engine/exchange/networks/import-network.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { FOLDER, goldenJson } from './golden-networks.ts'

const Values = z.array(z.number())
const Golden = z.record(
  z.string(),
  z.object({ x: Values, logits: Values, targets: Values, gradient: Values }),
)
const GOLDEN = Golden.parse({
  ...z.record(z.string(), z.unknown()).parse(goldenJson('keras.json')),
  ...z.record(z.string(), z.unknown()).parse(goldenJson('recurrent/keras.json')),
})
const imported = (name: string) =>
  importNetwork({ name, bytes: readFileSync(new URL(name, FOLDER)) }, { range: [-1, 1] })

describe.each(BACKENDS_HERE)('networks of Keras, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(['sequential.keras', 'functional.h5', 'recurrent/columns.keras', 'recurrent/rows.h5'])(
    '%s has the logits and gradients of Keras, and conserves relevance',
    async (file) => {
      const golden = GOLDEN[basename(file, extname(file))]
      if (golden === undefined) throw new Error('no golden values')
      const model = new PreparedGraph((await imported(file)).model)
      const { x, targets, logits, gradient } = golden
      const batch = { images: Float32Array.from(x), targets, sampleIndices: [0, 1, 2], checkNodes: true }
      const found = await explainBatch(model, batch, ['sa', 'dtd', 'lrp_eps:0.25'])
      model.dispose()
      expect(largestDifference(found.logits, logits)).toBeLessThan(1e-5 * largestValue(logits))
      const squares = gradient.map((value) => value ** 2)
      const maps = found.methods.get('sa')?.maps ?? []
      expect(largestDifference(maps, squares)).toBeLessThan(1e-5 * largestValue(squares))
      for (const method of ['dtd', 'lrp_eps:0.25']) {
        expect(Math.max(...(found.methods.get(method)?.conservation ?? [NaN])), method).toBeLessThan(1e-4)
      }
    },
  )
})

it('turns the forward layer around where a file names no backward one', async () => {
  const name = 'recurrent/columns.keras'
  const parts = unzipSync(readFileSync(new URL(name, FOLDER)))
  const config = JSON.parse(new TextDecoder().decode(parts['config.json']), (key, value: unknown) =>
    key === 'backward_layer' ? undefined : value,
  ) as object
  expect(JSON.stringify(config).length).toBeLessThan((parts['config.json']?.length ?? 0) - 1000)
  const bytes = zipSync({ ...parts, 'config.json': new TextEncoder().encode(JSON.stringify(config)) })
  const { model } = await importNetwork({ name, bytes }, { range: [-1, 1] })
  expect(model.graph).toEqual((await imported(name)).model.graph)
})

it('leaves the softmax out, and folds the normalisation that follows a layer; one after a rectifier stays', async () => {
  const { report, model } = await imported('sequential.keras')
  expect(report).toMatchObject({
    ...{ format: 'Keras archive', tool: 'keras 3.15.1', rows: 8, columns: 12, classes: 3 },
    leftOut: ['softmax'],
    layers: [
      ...['last.kernel', 'dense_1.kernel', 'dense.kernel', 'second.kernel * norm2.factors'],
      ...['norm.factors', 'first.kernel'],
    ],
  })
  expect(report.operations['scale']).toBe(1)
  expect(model.metadata['origin_file']).toBe('sequential.keras')
})

it('takes older .h5 files in, with a softmax of its own', async () => {
  const { report } = await imported('functional.h5')
  expect(report).toMatchObject({ format: 'Keras HDF5', tool: 'keras 3.15.1', leftOut: ['softmax'] })
})
