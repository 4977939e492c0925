import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import h5wasm, { Dataset } from 'h5wasm/node'
import { describe, test } from 'vitest'
import type { ImportOptions } from '../../../src/shared/contract/imports.ts'
import { importEngine } from './import-engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { values } from './array-fixture.ts'
import {
  arrayLayout,
  floats,
  groupLayout,
  numbers,
  projectFile,
  SHAPE,
  SIZE,
  virelayFiles,
  writeVirelay,
  type Hdf5Content,
  type VirelayFiles,
} from './virelay-fixture.ts'

const root = temporaryFolder()
const { expectRefused } = importEngine(root)

const { 'inputs.h5': inputs, 'attributions.h5': attributions } = arrayLayout()
const groups = groupLayout()
const withInputs = (change: Hdf5Content) => ({ 'inputs.h5': { ...inputs, ...change } })
const withMaps = (change: Hdf5Content) => ({ 'attributions.h5': { ...attributions, ...change } })
const without = (content: Hdf5Content, name: string) =>
  Object.fromEntries(Object.entries(content).filter(([own]) => own !== name))
const changedAt = (length: number, index: number, value: number) => {
  const changed = values(length)
  changed[index] = value
  return changed
}
const dataset = (path: string, type = 'hdf5') => projectFile({ dataset: { name: 'pets', type, path } })
const sources = (...paths: string[]) =>
  projectFile({
    attributions: { attribution_method: 'IG', attribution_strategy: 'true_label', sources: paths },
  })

/** Made by h5py: `data`, 4 x 3 x 5 bytes whose external storage is /etc/passwd, and `label`. */
const ELSEWHERE =
  'eNrr9HBx4+WS4mIAAQ4OBhYGAQZk8B8KBDhQ+TD5BCjNCKU7oPQKJpg4I1hOAiouCDUfXV1IkKsrSPV/NACzJ4MFQqO6bhSMFODh6hgAoiOgfFh6OsGEqi4lsSQRROckJqXmIKVLBzLtZWRgg5jBCONbQGhmiAA0WTIwQ2lWKI1LnBmYghmh6RhiAgdUngPMZ2JiAguzM2iA+YzQPGQANZADzX02DDBxSIgwM8Jyjg2aSgeqxoMEWr4PYEFVp59akqxfkFhcXJ4C5gf7+bswMjDB3a/AjN8eWD7fwDqa9lHTIytaeoTEBCMjanpkQU9vHDAxBazpDZF+YFGEXtJOGA38YZmeEDSoKAUA+MA/tw=='

interface Case {
  name: string
  change?: VirelayFiles
  /** Called when all files are there. */
  then?: (folder: string) => void
  options?: ImportOptions
  says: RegExp
}

const CASES: readonly Case[] = [
  { name: 'no YAML', change: { 'project.yaml': 'project: [' }, says: /no YAML in .*project\.yaml/ },
  {
    name: 'a project without a model',
    change: { 'project.yaml': 'project: {name: a}' },
    says: /project\.model/,
  },
  {
    name: 'inputs as pictures',
    change: { 'project.yaml': dataset('pictures', 'image_directory') },
    says: /'image_directory'.*expected the type 'hdf5'/,
  },
  {
    name: 'a file that is not there',
    change: { 'project.yaml': dataset('none.h5') },
    says: /at which nothing is/,
  },
  {
    name: 'a path that climbs out',
    change: { 'project.yaml': dataset('../inputs.h5') },
    says: /leads out of/,
  },
  { name: 'an absolute path', change: { 'project.yaml': sources('/etc/passwd') }, says: /leads out of/ },
  { name: 'a path of Windows', change: { 'project.yaml': sources('..\\maps.h5') }, says: /leads out of/ },
  {
    name: 'a path of an analysis that climbs out',
    change: {
      'project.yaml': projectFile({ analyses: [{ analysis_method: 'a', sources: ['../../analysis.h5'] }] }),
    },
    says: /analysis\.h5.*leads out of/,
  },
  {
    name: 'a link that leads out',
    change: { 'project.yaml': dataset('linked.h5') },
    then(folder) {
      writeFileSync(join(root, 'outside.h5'), readFileSync(join(folder, 'inputs.h5')))
      symlinkSync(join(root, 'outside.h5'), join(folder, 'linked.h5'))
    },
    says: /linked\.h5.*leads out of/,
  },
  {
    name: 'a link of HDF5 into another file',
    then(folder) {
      const file = new h5wasm.File(join(folder, 'inputs.h5'), 'w')
      file.create_external_link(join(root, 'outside.h5'), 'data', 'data')
      file.close()
    },
    says: /a link 'data' in .*inputs\.h5/,
  },
  {
    name: 'an array that lies in another file of the machine',
    change: { 'inputs.h5': inflateSync(Buffer.from(ELSEWHERE, 'base64')) },
    says: /HDF5 that cannot be read in .*inputs\.h5: data/,
  },
  {
    name: 'a link within the file',
    then(folder) {
      const file = new h5wasm.File(join(folder, 'inputs.h5'), 'a')
      file.create_soft_link('/label', 'index')
      file.get('label')
      file.close()
      const maps = new h5wasm.File(join(folder, 'attributions.h5'), 'w')
      maps.create_dataset({ name: 'own', data: Float32Array.of(1), shape: [1] })
      maps.create_soft_link('/own', 'attribution')
      maps.close()
    },
    says: /a link 'attribution'/,
  },
  {
    name: 'a truncated file',
    then(folder) {
      const path = join(folder, 'inputs.h5')
      writeFileSync(path, readFileSync(path).subarray(0, 1500))
    },
    says: /HDF5 that cannot be read in .*inputs\.h5/,
  },
  { name: 'an empty file', change: { 'inputs.h5': new Uint8Array() }, says: /not HDF5 in .*inputs\.h5/ },
  {
    name: 'a wrong magic',
    change: { 'attributions.h5': 'PK and more text' },
    says: /not HDF5 in .*attributions/,
  },
  {
    name: '4 GB that are only claimed',
    then(folder) {
      const file = new h5wasm.File(join(folder, 'inputs.h5'), 'w')
      const array = file.create_dataset({
        ...{ name: 'data', data: values(SIZE), shape: [1, ...SHAPE], dtype: '<f' },
        ...{ maxshape: [null, ...SHAPE], chunks: [1, ...SHAPE] },
      })
      if (array instanceof Dataset) array.resize([2 ** 26, ...SHAPE])
      file.close()
    },
    says: /8053063680 bytes, in a file of/,
  },
  { name: 'no inputs', change: { 'inputs.h5': without(inputs, 'data') }, says: /no 'data' in .*inputs\.h5/ },
  { name: 'no labels', change: { 'inputs.h5': without(inputs, 'label') }, says: /no 'label'/ },
  {
    name: 'no maps',
    change: { 'attributions.h5': without(attributions, 'attribution') },
    says: /no 'attribution'/,
  },
  {
    name: 'no answers',
    change: { 'attributions.h5': without(attributions, 'prediction') },
    says: /no 'prediction'/,
  },
  { name: 'no numbers', change: { 'attributions.h5': without(attributions, 'index') }, says: /no 'index'/ },
  {
    name: 'maps of another size',
    change: withMaps({ attribution: floats([3, 2, 3, 4], values(72)) }),
    says: /maps of shape \[3, 2, 3, 4\].*expected .*\[3, 3, 5\]/,
  },
  {
    name: 'inputs without rows',
    change: withInputs({ data: floats([4, SIZE], values(4 * SIZE)) }),
    says: /inputs of shape \[4, 30\]/,
  },
  {
    name: 'logits of too few maps',
    change: withMaps({ prediction: floats([2, 3], values(6)) }),
    says: /shape \[2, 3\] in .*prediction; expected \[3, classes\]/,
  },
  {
    name: 'a label too few',
    change: withInputs({ label: numbers([1, 0, 1]) }),
    says: /one label for each of the 4/,
  },
  {
    name: 'a negative label',
    change: withInputs({ label: numbers([1, 0, -1, 2]) }),
    says: /label \[-1\] of row 2/,
  },
  {
    name: 'a sample of two classes',
    change: withInputs({ label: numbers([1, 0, 0, 1, 1, 1, 1, 0], [4, 2]) }),
    says: /label \[1, 1\] of row 2/,
  },
  { name: 'a map of no input', change: withMaps({ index: numbers([1, 2, 9]) }), says: /the input 9/ },
  {
    name: 'two maps of an input',
    change: withMaps({ index: numbers([1, 2, 2]) }),
    says: /a second map of input 2/,
  },
  {
    name: 'NaN in an input',
    change: withInputs({ data: floats([4, ...SHAPE], changedAt(4 * SIZE, 2 * SIZE + 7, NaN)) }),
    says: /NaN in sample 2 of .*inputs\.h5: data, at value 7/,
  },
  {
    name: 'infinity in a map',
    change: withMaps({ attribution: floats([3, ...SHAPE], changedAt(3 * SIZE, SIZE, -Infinity)) }),
    says: /-Infinity in sample 2 of .*attributions\.h5: attribution, at value 0/,
  },
  {
    name: 'NaN among logits',
    change: withMaps({ prediction: floats([3, 3], changedAt(9, 6, NaN)) }),
    says: /NaN in sample 3 of .*prediction, at value 0/,
  },
  {
    name: 'an answer that nobody stated',
    change: withMaps({ prediction: floats([3, 3], values(9).fill(NaN, 3, 6)) }),
    says: /no answer of the network to sample 2/,
  },
  {
    name: 'NaN in a named sample',
    change: {
      ...groups,
      'inputs.h5': { ...groups['inputs.h5'], 'data/cat/2': floats([...SHAPE], changedAt(SIZE, 3, NaN)) },
    },
    says: /NaN in cat\/2 of/,
  },
  {
    name: 'samples of several sizes',
    change: {
      ...groups,
      'inputs.h5': { ...groups['inputs.h5'], 'data/cat/10': floats([2, 4, 5], values(40)) },
    },
    says: /shape \[2, 4, 5\] in .*cat\/10; expected \[2, 3, 5\]/,
  },
  {
    name: 'a map of a name that no input has',
    change: {
      ...groups,
      'attributions.h5': {
        ...groups['attributions.h5'],
        ...{ 'attribution/été': floats([...SHAPE], values(SIZE)), 'label/été': numbers([0]) },
        'prediction/été': floats([3], values(3)),
      },
    },
    says: /the input été in/,
  },
  { name: 'a label map that is none', change: { 'label-map.json': '{"0": "cat"}' }, says: /no label map/ },
  {
    name: 'projects of two models',
    change: { 'other.yaml': projectFile({ model: 'resnet' }) },
    says: /projects of 2 models .*resnet, vgg16.*--model/,
  },
  {
    name: 'two projects of one method',
    change: { 'other.yaml': projectFile({ name: 'Again' }) },
    says: /two projects of the method 'LRP-Epsilon-Gamma-Box'/,
  },
  {
    name: 'a range that does not hold',
    options: { inputRange: [0.5, 1] },
    says: /said to be in \[0\.5, 1\]/,
  },
]

describe('refused whole: a ViRelAy project', () => {
  test.each(CASES)('$name', async ({ change = {}, then, options = {}, says, name }) => {
    const folder = await writeVirelay(join(root, name.replaceAll(/\W/g, '-')), {
      ...virelayFiles(),
      ...change,
    })
    then?.(folder)
    await expectRefused(folder, says, options, 'virelay')
  })
})
