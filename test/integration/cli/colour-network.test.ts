import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readNpy } from '../../../src/engine/exchange/npy.ts'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { Run } from '../../../src/shared/contract/runs.ts'
import { NetworkReport } from '../../../src/shared/contract/model-files.ts'
import { largestDifference, largestValue } from '../../oracle/compare.ts'
import { float32, int32, values, writeFolder } from '../imports/array-fixture.ts'
import { smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'
import { writeArray as writeNpyFile } from './toy-model.ts'

const GOLDEN = 'test/unit/exchange/networks/golden'
const golden = z
  .object({ x: z.array(z.number()), maps: z.record(z.string(), z.array(z.number())) })
  .parse(JSON.parse(readFileSync(`${GOLDEN}/colour.json`, 'utf8')))
const folder = temporaryFolder()
const workspace = join(folder, 'colours.heatproof')
const model = join(folder, 'colour.safetensors')
const [last, first] = [join(folder, 'last.npy'), join(folder, 'first.npy')]
const writeArray = (path: string, shape: number[], values: readonly number[]) =>
  writeNpyFile(path, { dtype: 'float32', shape, data: Float32Array.from(values) })
const maps = (input: string, name: string) =>
  heatproof(
    'maps',
    '--model',
    model,
    '--input',
    input,
    '--methods',
    'sa,occlusion',
    '--out',
    join(folder, name),
    '--json',
  )

beforeAll(() => {
  const models = (...args: string[]) => heatproof('models', '--workspace', workspace, ...args)
  expect(heatproof('init', workspace).status).toBe(0)
  expect(models('--import', `${GOLDEN}/colour.onnx`)).toMatchObject({ status: 0, stderr: '' })
  expect(models('--export', 'colour', '--out', model)).toMatchObject({ status: 0, stderr: '' })
  writeArray(last, [3, 8, 12, 3], golden.x)
  const byPlane = golden.x.map((_, at) => {
    const [image, channel, pixel] = [Math.floor(at / 288), Math.floor(at / 96) % 3, at % 96]
    return golden.x[image * 288 + pixel * 3 + channel] ?? NaN
  })
  writeArray(first, [3, 3, 8, 12], byPlane)
})

test('a dry run says how many channels it reads', () => {
  const dryRun = (...args: string[]) => {
    const own = ['--workspace', workspace, '--import', `${GOLDEN}/colour.onnx`, '--dry-run', '--json']
    return NetworkReport.parse(JSON.parse(heatproof('models', ...own, ...args).stdout))
  }
  expect(dryRun()).toMatchObject({ rows: 8, columns: 12, channels: 3 })
  expect(dryRun('--channels', 'last')).toMatchObject({ rows: 3, columns: 8, channels: 12 })
})

test.each([
  ['last', last],
  ['first', first],
])('images with their channels %s are explained', (name, input) => {
  expect(maps(input, name)).toMatchObject({ status: 0, stderr: '' })
  for (const method of ['sa', 'occlusion']) {
    const { shape, data } = readNpy(readFileSync(join(folder, name, `${method}.npy`)), method)
    const expected = golden.maps[method] ?? []
    expect(shape).toEqual([3, 8, 12])
    expect(largestDifference(Array.from(data, Number), expected), method).toBeLessThan(
      1e-5 * largestValue(expected),
    )
  }
})

test('patches of colour images are flipped in all channels', () => {
  const marks = join(folder, 'marks.npy')
  writeArray(marks, [3, 1], [1, 1, 1])
  const { status, stderr, stdout } = heatproof(
    ...['metrics', '--maps', join(folder, 'last', 'occlusion.npy'), '--marks', marks, '--inputs', first],
    ...['--model', model, '--flips', '6', '--baselines', '--json'],
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('aopc_morf')
})

test('grey images are refused with the shapes', () => {
  const grey = join(folder, 'grey.npy')
  writeArray(grey, [1, 8, 12], golden.x.slice(0, 96))
  const { status, stderr } = maps(grey, 'grey')
  expect(status).toBe(2)
  expect(stderr.replaceAll('\n', ' ')).toContain('[N, 8, 12, 3] or [N, 3, 8, 12]')
})

test('imported images are explained in a run, by the name of their set', () => {
  const images = writeFolder(join(folder, 'photos'), {
    'inputs.npy': float32([3, 8, 12, 3], Float32Array.from(golden.x)),
    'labels.npy': int32([3], [0, 1, 2]),
    'predictions.npy': int32([3], [0, 1, 2]),
    'maps/old.npy': float32([3, 8, 12], values(288)),
  })
  const own = ['--workspace', workspace, '--json']
  expect(heatproof('import', images, '--yes', ...own).status).toBe(0)
  // A network for images of another size, which --set leaves out.
  const grey = { name: 'grey', rows: 8, columns: 8, channels: 1 }
  writeFileSync(join(folder, 'grey.safetensors'), writeAnyModel(smallNetwork(grey)))
  expect(heatproof('models', '--import', join(folder, 'grey.safetensors'), ...own).status).toBe(0)
  const explain = (...args: string[]) => heatproof('explain', ...own, '--methods', 'sa,lrp_eps', ...args)
  const { status, stdout } = explain('--set', 'photos')
  expect(status).toBe(0)
  expect(Run.parse(JSON.parse(stdout))).toMatchObject({
    maps: 6,
    mapsExpected: 6,
    title: 'colour × 2 methods on 3 imported samples',
  })
  const wrong = explain('--set', 'pictures')
  expect(wrong).toMatchObject({ status: 2, stdout: '' })
  expect(wrong.stderr).toContain("no imported set 'pictures' in the workspace")
  expect(explain('--set', 'photos', '--shard', '1/2', '--out', join(folder, 'part')).stderr).toContain(
    '--set together with --shard',
  )
})
