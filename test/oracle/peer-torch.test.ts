import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { useBackend } from '../../src/engine/compute/backend.ts'
import { readNpy, writeNpy } from '../../src/engine/exchange/npy.ts'
import { predictedClasses } from '../../src/engine/models/forward.ts'
import { writeModel } from '../../src/engine/models/model.ts'
import { temporaryFolder } from '../integration/support/temporary-folder.ts'
import { explainOnce, mapOf } from './explain-once.ts'
import { randomImages, randomModel, TOY_SIZES } from './random-model.ts'

const PYTHON = process.env['HEATPROOF_PYTHON'] ?? 'python3'
const PEER = spawnSync(PYTHON, ['-c', 'import torch, numpy']).status === 0
const METHODS = ['sa', 'gb', 'dtd', 'lrp_a1.5b0.5']
const COUNT = 5
const folder = temporaryFolder()

it.skipIf(!PEER).each(['deep', 'rlstm', 'convdeep', 'convrlstm'] as const)(
  `%s: the propagation written by hand in PyTorch gives the same maps${PEER ? '' : ` (skipped: ${PYTHON} has no torch)`}`,
  async (architecture) => {
    const out = join(folder, architecture)
    mkdirSync(out)
    const model = randomModel(architecture, 3)
    const images = randomImages(COUNT, 3)
    writeFileSync(join(out, 'model.safetensors'), writeModel(model))
    writeFileSync(
      join(out, 'x.npy'),
      writeNpy({ dtype: 'float32', shape: [COUNT, TOY_SIZES.rows, TOY_SIZES.columns], data: images }),
    )
    const { status, stderr } = spawnSync(
      PYTHON,
      [
        'test/bench/peer_torch.py',
        ...['--model', join(out, 'model.safetensors'), '--input', join(out, 'x.npy')],
        ...['--maps', out, '--rounds', '1'],
      ],
      { encoding: 'utf8' },
    )
    expect(status, stderr).toBe(0)

    await useBackend('wasm')
    const { logits } = await explainOnce(model, images, new Array<number>(COUNT).fill(0), ['sa'])
    const predicted = [...predictedClasses(logits, TOY_SIZES.classes)]
    const own = await explainOnce(model, images, predicted, METHODS)
    for (const method of METHODS) {
      const peer = readNpy(readFileSync(join(out, `${method}.npy`)), method).data
      const maps = mapOf(own, method)
      const largest = maps.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      expect(largest).toBeGreaterThan(0)
      maps.forEach((value, index) => {
        expect(Math.abs(value - Number(peer[index]))).toBeLessThan(1e-5 * largest)
      })
    }
  },
)
