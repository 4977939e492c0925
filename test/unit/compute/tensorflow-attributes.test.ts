import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ATTRIBUTE_NAMES } from '../../../src/engine/compute/tensorflow-attributes.ts'

const DIST = fileURLToPath(new URL('../../../node_modules/@tensorflow/tfjs-node/dist', import.meta.url))

test.skipIf(!existsSync(DIST))('every attribute that an operation of tfjs-node sets is told', () => {
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
