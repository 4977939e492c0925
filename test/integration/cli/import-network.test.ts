import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { npyFloats, readNpy, writeNpy } from '../../../src/engine/exchange/npy.ts'
import { NetworkReport } from '../../../src/shared/contract/model-files.ts'
import { ModelSummary } from '../../../src/shared/contract/runs.ts'
import { SanityCheck } from '../../../src/shared/contract/sanity.ts'
import { largestDifference } from '../../oracle/compare.ts'
import { asImages } from '../../unit/exchange/networks/golden-networks.ts'
import { LAST_BYTES, seenNetwork } from '../support/seen-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const RecomputedReport = z.object({
  recomputed: z.object({
    maps: z.array(z.object({ method: z.string(), compared: z.int(), difference: z.number() })),
  }),
})
const folder = temporaryFolder()
const workspace = join(folder, 'networks.heatproof')
const file = join(folder, 'seen.onnx')
const Values = z.array(z.number())
const Lstm = z.object({ lstm: z.object({ x: Values, logits: Values }) })
const models = (...args: string[]) => heatproof('models', '--workspace', workspace, ...args)

beforeAll(() => {
  expect(heatproof('init', workspace).status).toBe(0)
  writeFileSync(file, seenNetwork('beside'))
  writeFileSync(join(folder, 'last.bin'), LAST_BYTES)
})

test('a dry run says what an import would make, and stores nothing', () => {
  const { status, stdout } = models('--import', file, '--dry-run', '--input-scale', '0,1', '--json')
  expect(status).toBe(0)
  expect(NetworkReport.parse(JSON.parse(stdout))).toMatchObject({
    format: 'ONNX, opset 18',
    rows: 28,
    columns: 84,
    classes: 10,
    range: [0, 1],
    layers: ['last', 'kernel'],
    leftOut: ['Softmax'],
  })
  expect(models().stdout).toContain('no models')
})

test('a network is imported with its origin, explained by every kind of method, and checked for sanity', () => {
  const imported = models(
    '--import',
    file,
    '--input-scale',
    '0,1',
    '--dataset',
    'mnist-3-digits-maj',
    '--json',
  )
  expect(imported.stderr).toBe('')
  const [model] = z.array(ModelSummary).parse(JSON.parse(imported.stdout))
  expect(model).toMatchObject({ name: 'seen', architecture: 'graph', origin: 'imported', items: 3 })
  expect(model?.metadata).toMatchObject({
    origin_file: 'seen.onnx',
    origin_tool: 'tests',
    origin_format: 'ONNX, opset 18',
  })
  expect(model?.metadata['origin_sha256']).toMatch(/^[0-9a-f]{64}$/)

  const methods = 'sa,gb,dtd,lrp_a2b1,lrp_eps,ig:4,occlusion,random'
  const run = heatproof(
    'explain',
    '--workspace',
    workspace,
    '--models',
    '1',
    '--methods',
    methods,
    '--count',
    '3',
    '--target',
    'predicted',
    '--json',
  )
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
  expect(run.stdout).toContain('"maps": 24')

  const checked = heatproof(
    'sanity',
    '--workspace',
    workspace,
    '--model',
    '1',
    '--methods',
    'dtd',
    '--count',
    '2',
    '--seeds',
    '1',
    '--json',
  )
  expect(checked).toMatchObject({ status: 0, stderr: '' })
  const { stages } = SanityCheck.parse(JSON.parse(checked.stdout))
  expect(stages.map(({ name }) => name)).toEqual(['original', 'last', 'kernel'])
})

test('an audited set of it is computed again and is the same', () => {
  const set = join(folder, 'set')
  const exported = heatproof('export', '--workspace', workspace, '--include', 'any', '--out', set, '--json')
  expect(exported.status).toBe(0)
  const verified = heatproof('verify', set, '--recompute', '--json')
  expect(verified.status).toBe(0)
  const { recomputed } = RecomputedReport.parse(JSON.parse(verified.stdout))
  expect(recomputed.maps).toHaveLength(8)
  for (const { method, compared, difference } of recomputed.maps) {
    expect(compared, method).toBe(3)
    expect(difference, method).toBeLessThan(1e-6)
  }
})

test.each([
  ['pickle.pt', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), 'a pickle, as torch.save writes it, in pickle.pt'],
  ['old.pth', Buffer.from([0x80, 2, 0x8a]), 'safetensors.torch.save_file'],
  ['cut.onnx', Buffer.from('08082a', 'hex'), 'no ONNX model in cut.onnx'],
  ['cut.h5', Buffer.from('894844460d0a1a0a00', 'hex'), 'no HDF5 file, or not the whole of one, in cut.h5'],
])('%s is refused', (name, bytes, message) => {
  writeFileSync(join(folder, name), bytes)
  const { status, stderr } = models('--import', join(folder, name))
  expect(status).toBe(2)
  expect(stderr.replaceAll('\n', ' ')).toContain(message)
})

test('a file of Keras comes in, and says what was left out', () => {
  const network = 'test/unit/exchange/networks/golden/sequential.keras'
  const seen = models('--import', network, '--dry-run', '--json')
  expect(seen.stderr).toBe('')
  expect(NetworkReport.parse(JSON.parse(seen.stdout))).toMatchObject({
    tool: 'keras 3.15.1',
    leftOut: ['softmax'],
  })
  const [model] = z.array(ModelSummary).parse(JSON.parse(models('--import', network, '--json').stdout))
  expect(model?.metadata).toMatchObject({ origin_file: 'sequential.keras', origin_format: 'Keras archive' })
})

test('an LSTM of torch comes in, leaves as a file of ours, and has the logits of torch there', () => {
  const golden = 'test/unit/exchange/networks/golden/recurrent'
  const seen = models('--import', `${golden}/lstm.onnx`, '--in-steps', '--input-rows', '4', '--json')
  expect(seen).toMatchObject({ status: 0, stderr: '' })
  const own = join(folder, 'lstm.safetensors')
  expect(models('--export', 'lstm', '--out', own).status).toBe(0)
  const values = readFileSync(`${golden}/recurrent.json`, 'utf8')
  const { x, logits } = Lstm.parse(JSON.parse(values)).lstm
  const [images, maps] = [join(folder, 'x.npy'), join(folder, 'maps')]
  const data = asImages(x, { rows: 4, columns: 8, channels: 1, steps: 4 })
  writeFileSync(images, writeNpy({ dtype: 'float32', shape: [3, 4, 8], data }))
  expect(
    heatproof('maps', '--model', own, '--input', images, '--methods', 'sa,dtd,ig', '--out', maps).status,
  ).toBe(0)
  const found = readNpy(readFileSync(join(maps, 'logits.npy')), 'logits')
  expect(largestDifference(npyFloats(found, 'logits'), logits)).toBeLessThan(1e-5)
})

test('a range that is none is refused with an example', () => {
  const { status, stderr } = models('--import', file, '--input-scale', '1,1')
  expect(status).toBe(2)
  expect(stderr).toContain('e.g. 0,1')
})

test('weights of PyTorch come in with a mapping of their layers', () => {
  const weights = 'test/unit/exchange/networks/golden/chain.safetensors'
  const mapping = join(folder, 'layers.json')
  writeFileSync(mapping, JSON.stringify({ input: [96], layers: [{ layer: 'Linear', name: '12' }] }))
  const { status, stderr } = models(
    '--import',
    weights,
    '--mapping',
    mapping,
    '--input-rows',
    '8',
    '--dry-run',
  )
  expect(status).toBe(2)
  expect(stderr).toContain("the tensor '12.weight' of shape [6, 3] at layer 1 (Linear) of chain.safetensors")
})
