import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { getEnvironmentData } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { availableBackends } from '../../../src/engine/compute/backend.ts'
import { ComputePool } from '../../../src/engine/compute/pool.ts'
import { ATTRIBUTE_NAMES, KEY, KNOWN } from '../../../src/engine/compute/tensorflow-attributes.ts'

const DIST = fileURLToPath(new URL('../../../node_modules/@tensorflow/tfjs-node/dist', import.meta.url))

test('every attribute that an operation of tfjs-node sets is told', (context) => {
  context.skip(!existsSync(DIST), 'tfjs-node is not installed')
  const sources = globSync('**/*.js', { cwd: DIST, exclude: (name) => /test/.test(name) }).map((name) =>
    readFileSync(`${DIST}/${name}`, 'utf8'),
  )
  const set = sources.flatMap((source) =>
    [...source.matchAll(/create(?:TensorsType)?OpAttr\)?\('(\w+)'|name: '(\w+)'/g)].map(
      ([, typed, named]) => typed ?? named ?? '',
    ),
  )
  expect(new Set(set).size).toBeGreaterThan(40)
  expect(set.filter((name) => !ATTRIBUTE_NAMES.includes(name))).toEqual([])
})

test('the first worker tells them, and all others know', async (context) => {
  const tensorflow = (await availableBackends()).find(({ name }) => name === 'tensorflow')
  context.skip(tensorflow?.available !== true, `native TensorFlow is not here: ${tensorflow?.reason ?? ''}`)
  const pool = await ComputePool.start({ backend: 'tensorflow', size: 2 })
  await pool.close()
  expect(getEnvironmentData(KEY)).toEqual(Int32Array.of(KNOWN))
})
