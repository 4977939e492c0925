import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fashionMnistFolder } from '../../engine/data/fashion-mnist.ts'
import { mnistFolder } from '../../engine/data/mnist.ts'
import { defaultDataHome, type OfficialSplit } from '../../engine/data/sources.ts'
import { logFolder } from '../log/folder.ts'
import { attempt, type Finding } from './examine.ts'

const SPLITS: readonly OfficialSplit[] = ['train', 'test']

/** The data sets that are found without being told a folder, and the folders that Heatproof writes to by itself. */
export async function examineData(): Promise<Finding[]> {
  const fashion = SPLITS.map((split) =>
    attempt(`Fashion-MNIST ${split}`, () => fashionMnistFolder(split, {})),
  )
  return [
    await attempt('MNIST', () => mnistFolder()),
    ...(await Promise.all(fashion)),
    folderFinding('data folder', defaultDataHome()),
    folderFinding(
      'cache folder',
      join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'heatproof'),
    ),
    folderFinding('log folder', logFolder(process.platform, process.env, homedir())),
  ]
}

function folderFinding(name: string, folder: string): Finding {
  const there = existsSync(folder)
  return { name, ok: there, found: there ? folder : `${folder}, made when it is needed` }
}
