// Runs after `npm install`: makes native TensorFlow available where that is possible, says in one line what it did,
// and never fails the installation. `node scripts/install-tensorflow.mjs [PROJECT]` repeats it by hand.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const HINT = 'Preparing native TensorFlow, up to a minute the first time…'
const [, , folder = fileURLToPath(new URL('..', import.meta.url))] = process.argv

function showHint() {
  if (process.stderr.isTTY) process.stderr.write(HINT)
}

function clearHint() {
  if (process.stderr.isTTY) process.stderr.write(`\r${' '.repeat(HINT.length)}\r`)
}

try {
  const { machineContext } = await import('./tensorflow/context.mjs')
  const { installTensorflow, summary, writeStatus } = await import('./tensorflow/install.mjs')
  const projectFolder = resolve(folder)
  const started = performance.now()
  showHint()
  const result = await installTensorflow(machineContext(projectFolder, process.env))
  clearHint()
  const seconds = (performance.now() - started) / 1000
  console.log(summary(result, seconds))
  writeStatus(projectFolder, result, seconds)
} catch (error) {
  clearHint()
  console.log(`Native TensorFlow: not installed (${String(error).split('\n')[0]}).`)
}
process.exitCode = 0
