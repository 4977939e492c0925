import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { createHdf5File } from '../../../../src/engine/exchange/formats/hdf5-file.ts'
import { importKeras } from '../../../../src/engine/exchange/keras/import-keras.ts'
import { temporaryFolder } from '../../../integration/support/temporary-folder.ts'

const folder = temporaryFolder()
const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url))
const text = (content: string) => new TextEncoder().encode(content)
const PARTS = unzipSync(golden('sequential.keras'))
const WHOLE = golden('sequential.keras')
const HDF5 = golden('functional.h5')

const INPUT = { class_name: 'InputLayer', config: { name: 'image', batch_shape: [null, 2, 3] } }
const FLATTEN = { class_name: 'Flatten', config: { name: 'flat' } }
const DENSE = {
  class_name: 'Dense',
  config: { name: 'last', units: 2, use_bias: true, activation: 'softmax' },
}
const sequential = (...layers: object[]) =>
  JSON.stringify({ class_name: 'Sequential', config: { layers: [INPUT, ...layers] } })
const chained = (reads: readonly string[][]) =>
  JSON.stringify({
    class_name: 'Functional',
    config: {
      layers: [INPUT, FLATTEN, DENSE].map((layer, index) => ({
        ...layer,
        inbound_nodes: (reads[index] ?? []).map((name) => ({
          args: [{ class_name: '__keras_tensor__', config: { keras_history: [name, 0, 0] } }],
        })),
      })),
    },
  })
const LSTM = { units: 2, activation: 'tanh', use_bias: true, return_sequences: false }
const bothWays = (merge_mode: string, class_name: string) => ({
  merge_mode,
  layer: { class_name, config: LSTM },
})
const archive = (parts: Record<string, Uint8Array>) => zipSync({ ...PARTS, ...parts }, { level: 0 })
const withConfig = (config: string) => archive({ 'config.json': text(config) })
const withLayer = (class_name: string, config: object = {}) =>
  withConfig(sequential({ class_name, config: { name: 'odd', ...config } }))

let files = 0
/** A network of one layer with these weights. */
async function withWeights(
  kernel: { values: Float32Array | Float64Array; shape: number[] } | null,
  config = sequential(FLATTEN, DENSE),
): Promise<Uint8Array> {
  const path = join(folder, `${(files += 1)}.h5`)
  const file = await createHdf5File(path)
  for (const group of ['layers', 'layers/dense', 'layers/dense/vars']) file.group(group)
  if (kernel !== null) file.array('layers/dense/vars/0', kernel.values, kernel.shape)
  file.array('layers/dense/vars/1', Float32Array.of(0, 1), [2])
  file.close()
  return archive({ 'config.json': text(config), 'model.weights.h5': readFileSync(path) })
}
const KERNEL = { values: new Float32Array(12).fill(0.5), shape: [6, 2] }

/** A stored entry whose directory states another number of unpacked bytes. */
function stating(path: string, bytes: number): Uint8Array {
  const zip = Buffer.from(zipSync(PARTS, { level: 9 }))
  const directory = zip.indexOf(Buffer.from('504b0102', 'hex'))
  const entry = zip.indexOf(path, directory) - 46
  zip.writeUInt32LE(bytes, entry + 24)
  return zip
}

it('takes the network in that the cases below damage, as functional models of Keras 3 and 2 too', async () => {
  const chain = chained([[], ['image'], ['flat']])
  const earlier = chain
    .replaceAll(/\{"args":\[\{[^[]*\["(\w+)",0,0\]\}\}\]\}/g, '[["$1",0,0,{}]]')
    .replace('batch_shape', 'batch_input_shape')
  expect(earlier).toContain('"inbound_nodes":[[["flat",0,0,{}]]]')
  for (const config of [undefined, chain, earlier]) {
    const bytes = await withWeights(KERNEL, config)
    const found = await importKeras(bytes, 'net.keras', { range: [0, 1] })
    expect(found).toMatchObject({ classes: 2, leftOut: ['softmax'] })
  }
})

it.each<[string, () => Uint8Array | Promise<Uint8Array>, RegExp]>([
  ['a zip cut off', () => WHOLE.subarray(0, 3000), /no directory at the end in net\.keras/],
  ['no zip', () => text('PK but nothing else'), /no directory at the end in net\.keras/],
  ['a zip without a config', () => zipSync({ a: text('b') }), /no config\.json in net\.keras/],
  [
    'a zip without weights',
    () =>
      zipSync({
        ...PARTS,
        'model.weights.h5': [text(''), { level: 0 }],
        'config.json': text(sequential(DENSE)),
      }),
    /no HDF5 file.*in model\.weights\.h5 of net\.keras/,
  ],
  [
    'a zip bomb',
    () => stating('model.weights.h5', 2 ** 32 - 2),
    /model\.weights\.h5 of 4294967294 bytes, which cannot be unpacked/,
  ],
  [
    'a config that unpacks to more than it states',
    () => stating('config.json', 20),
    /config\.json of 20 bytes/,
  ],
  ['a config of 17 MB', () => withConfig(' '.repeat(2 ** 24 + 1)), /config\.json of 16777217 bytes/],
  ['a config that is no JSON', () => withConfig('{'), /a config that is no JSON in config\.json/],
  ['a config of something else', () => withConfig('[]'), /a config without a list of layers/],
  [
    'a class of somebody',
    () => withConfig('{"class_name":"Mine","config":{"layers":[{"class_name":"A","config":{}}]}}'),
    /a model of the class Mine/,
  ],
  [
    'an image of any size',
    () => withConfig(sequential().replace('[null,2,3]', '[null,null,3]')),
    /an input of shape \[null,null,3\]/,
  ],
  [
    'a branch',
    () => withConfig(chained([[], ['image'], ['flat', 'image']])),
    /the layer 'last' \(Dense\), which reads 'flat' and 'image'.*a chain: 'flat'/,
  ],
  ['a skip', () => withConfig(chained([[], ['image'], ['image']])), /'last' \(Dense\), which reads 'image'/],
  ['program code', () => withLayer('Lambda'), /program code.*the layer 'odd' \(Lambda\) of net\.keras/],
  ['an unknown layer', () => withLayer('Attention'), /the class Attention at the layer 'odd' \(Attention\)/],
  [
    'an unknown activation',
    () => withLayer('Activation', { activation: 'mish' }),
    /the activation "mish" at the layer 'odd'/,
  ],
  [
    'channels before rows',
    () => withLayer('Flatten', { data_format: 'channels_first' }),
    /data_format = "channels_first" at the layer 'odd'/,
  ],
  ['a rectifier with a limit', () => withLayer('ReLU', { max_value: 6 }), /max_value = 6 at the layer 'odd'/],
  [
    'a shape of more values',
    () => withLayer('Reshape', { target_shape: [5, -1] }),
    /a shape \[5, -1\] of 6 values at the layer 'odd'/,
  ],
  [
    'gates that are no sigmoid',
    () => withLayer('LSTM', { ...LSTM, recurrent_activation: 'hard_sigmoid' }),
    /recurrent_activation = "hard_sigmoid" at the layer 'odd' \(LSTM\)/,
  ],
  [
    'an unknown activation of a cell',
    () => withLayer('GRU', { ...LSTM, activation: 'elu' }),
    /activation = "elu" at the layer 'odd' \(GRU\)/,
  ],
  [
    'a state kept from batch to batch',
    () => withLayer('SimpleRNN', { ...LSTM, stateful: true }),
    /stateful = true at the layer 'odd'/,
  ],
  ['states given out', () => withLayer('LSTM', { ...LSTM, return_state: true }), /return_state = true at/],
  [
    'both directions of a layer that has none',
    () => withLayer('Bidirectional', bothWays('concat', 'Dense')),
    /the class Dense in both directions at the layer 'odd' \(Bidirectional\).*LSTM, GRU, SimpleRNN/,
  ],
  [
    'a product of both directions',
    () => withLayer('Bidirectional', bothWays('mul', 'LSTM')),
    /merge_mode = "mul" at the layer 'odd'/,
  ],
  [
    'a missing weight of a cell',
    () => withLayer('LSTM', LSTM),
    /no layers\/lstm\/cell\/vars\/0 in model\.weights\.h5.*'kernel' of the layer 'odd' \(LSTM\)/,
  ],
  [
    'axes that an image lacks',
    () => withLayer('Permute', { dims: [3, 1] }),
    /a value of shape \[2, 3\] at the layer 'odd' \(Permute\).*permutation \[2, 0\]/,
  ],
  [
    'a missing weight',
    () => withWeights(null),
    /no layers\/dense\/vars\/0 in model\.weights\.h5 of net\.keras, the weight 'kernel' of the layer 'last' \(Dense\)/,
  ],
  [
    'a weight of another shape',
    () => withWeights({ ...KERNEL, shape: [2, 6] }),
    /'kernel' of the layer 'last' \(Dense\) of shape \[2, 6\].*expected shape \[6, 2\]/,
  ],
  [
    'a weight of another type',
    () => withWeights({ ...KERNEL, values: new Float64Array(12) }),
    /'kernel' of the layer 'last' \(Dense\).*type <d.*expected.*<f/,
  ],
  [
    'NaN',
    () => withWeights({ ...KERNEL, values: KERNEL.values.with(5, NaN) }),
    /NaN at index 5 of the weight 'kernel' of the layer 'last'/,
  ],
])('refuses %s', async (_, make, message) => {
  const bytes = await make()
  await expect(importKeras(bytes, 'net.keras', { range: [0, 1] })).rejects.toThrow(message)
})

it.each<[string, Uint8Array, RegExp]>([
  ['an HDF5 file cut off', HDF5.subarray(0, 9000), /no HDF5 file, or not the whole of one, in net\.h5/],
  ['another kind of file', text('what is this?'), /no HDF5 file/],
  ['nothing', new Uint8Array(0), /no HDF5 file/],
  ['weights alone', PARTS['model.weights.h5'] ?? new Uint8Array(0), /no model_config in net\.h5/],
])('refuses %s as .h5', async (_, bytes, message) => {
  await expect(importKeras(bytes, 'net.h5', { range: [0, 1] })).rejects.toThrow(message)
})
