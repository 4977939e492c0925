// Loads the package in the folder given and multiplies two matrices: the proof that its native binding works.
// Prints the version of TensorFlow. Run in a process of its own, because a broken binding can crash.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import util from 'node:util'

const [, , packageFolder = '.'] = process.argv
// Node 23 removed a function that the package calls.
if (!('isNullOrUndefined' in util)) {
  Object.assign(util, {
    isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
  })
}

const require = createRequire(join(packageFolder, 'package.json'))
const tf = require(packageFolder)
const product = tf.matMul(
  [
    [1, 2],
    [3, 4],
  ],
  [
    [5, 6],
    [7, 8],
  ],
)
const found = `${tf.getBackend()} ${JSON.stringify(product.arraySync())}`
const expected = 'tensorflow [[19,22],[43,50]]'
if (found !== expected) throw new Error(`found ${found}, expected ${expected}`)
console.log(tf.backend().binding.TF_Version)
