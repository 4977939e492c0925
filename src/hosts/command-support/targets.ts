import { npyWholeNumbers, readNpy } from '../../engine/exchange/npy.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { readInputFile } from './read-input-file.ts'

export type Targets = Int32Array | 'predicted'

/**
 * The class explained for each of N inputs.
 *
 * @param what `predicted`, a class, or a file of labels: .npy of whole numbers, or text with one label a line
 * @throws HeatproofError `bad_argument`, `not_found`, `bad_file`, `bad_values`
 */
export async function readTargets(what: string, count: number, classes: number): Promise<Targets> {
  if (what === 'predicted') return 'predicted'
  if (/^\d+$/.test(what)) return new Int32Array(count).fill(requireClass(Number(what), classes))
  const labels = labelsOf(await readInputFile(what, "a class, 'predicted' or a file of labels"), what)
  if (labels.length !== count) {
    throw new HeatproofError('bad_file', {
      found: `${labels.length} labels in ${what}`,
      expected: `${count}, one for each input`,
      advice: 'Use the labels that belong to these inputs.',
    })
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes)
  if (wrong >= 0) {
    throw new HeatproofError('bad_values', {
      found: `the label ${labels[wrong] ?? ''} of input ${wrong} in ${what}`,
      expected: `a class from 0 to ${classes - 1}`,
      advice: 'Use labels that the model has an output for.',
    })
  }
  return Int32Array.from(labels)
}

function requireClass(target: number, classes: number): number {
  if (target < classes) return target
  throw new HeatproofError('bad_argument', {
    found: `--target ${target}`,
    expected: `a class from 0 to ${classes - 1}`,
    advice: 'Choose a class that the model has an output for.',
  })
}

function labelsOf(bytes: Uint8Array, source: string): number[] {
  if (bytes[0] !== 0x93) return labelsOfText(new TextDecoder().decode(bytes), source)
  const array = readNpy(bytes, source)
  if (array.shape.length === 1) return npyWholeNumbers(array, source)
  throw new HeatproofError('bad_file', {
    found: `an array of shape [${array.shape.join(', ')}] in ${source}`,
    expected: 'labels of shape [N]',
    advice: 'Save one label for each input.',
  })
}

function labelsOfText(text: string, source: string): number[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line, index) => {
      const label = line.trim()
      if (/^-?\d{1,9}$/.test(label)) return Number(label)
      throw new HeatproofError('bad_file', {
        found: `${JSON.stringify(label.slice(0, 40))} in line ${index + 1} of ${source}`,
        expected: 'one label, a whole number, on each line',
        advice: 'Leave out titles and other columns.',
      })
    })
}
