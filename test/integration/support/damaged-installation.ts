import { cpSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const WHOLE = ['rlstm-mnist-3-digits-maj-seq-12-fold-1', 'shallow-mnist-3-digits-maj-seq-12-fold-1']

/** The shipped model whose file is cut short; it is one of the sample's. */
export const DAMAGED = 'deep-mnist-3-digits-maj-seq-12-fold-1'

/** Copies the program with three of its shipped models, one of them cut short, into an empty folder; gives the folder. */
export function damagedInstallation(folder: string): string {
  cpSync(join(ROOT, 'src'), join(folder, 'src'), { recursive: true })
  cpSync(join(ROOT, 'package.json'), join(folder, 'package.json'))
  const server = 'test/e2e/support/serve.ts'
  cpSync(join(ROOT, server), join(folder, server))
  for (const linked of ['node_modules', 'out']) symlinkSync(join(ROOT, linked), join(folder, linked))
  mkdirSync(join(folder, 'resources/models'), { recursive: true })
  const file = (name: string) => `resources/models/${name}.safetensors`
  for (const name of [...WHOLE, DAMAGED]) cpSync(join(ROOT, file(name)), join(folder, file(name)))
  truncateSync(join(folder, file(DAMAGED)), 100_000)
  return folder
}
