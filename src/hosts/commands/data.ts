import { resolve } from 'node:path'
import { Command, Option } from 'commander'
import { checkFolder, type SplitCheck } from '../../engine/data/check-folder.ts'
import { loadDataset } from '../../engine/data/datasets.ts'
import { downloadFashionMnist } from '../../engine/data/fashion-mnist.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { interruptible } from '../command-support/interrupt.ts'
import { ProgressLine } from '../command-support/progress-line.ts'

/** Sequences of any number of items are made of the same images. */
const BASE_DATASETS = ['mnist-3-digits-maj', 'fashion-mnist-3-items-maj'] as const

interface DataOptions {
  check?: string
  download?: 'fashion-mnist'
  from?: string
  to?: string
  json?: true
}

/** `heatproof data`: which data sets are there; checks a folder of IDX files; downloads what can be downloaded. */
export function dataCommand(): Command {
  return new Command('data')
    .description('say which data sets are there, with the hashes of their files')
    .addOption(
      new Option('--check <dir>', 'check the IDX files of a folder, changing nothing').conflicts([
        'download',
        'from',
        'to',
      ]),
    )
    .addOption(new Option('--download <name>', 'download it first').choices(['fashion-mnist']))
    .option('--from <url>', 'address of the folder with the .gz files')
    .option('--to <dir>', 'data folder to write to, and to read from')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof data --download fashion-mnist')
    .action(async (options: DataOptions) => {
      const { check, download, to, json } = options
      const print = <Row>(rows: readonly Row[], printRow: (row: Row) => string) => {
        console.log(json ? JSON.stringify(rows, null, 2) : rows.map(printRow).join('\n'))
      }
      if (check !== undefined) {
        const checks = await checkFolder(resolve(check))
        print(checks, printCheck)
        requireWhole(check, checks)
        return
      }
      if (download !== undefined) await downloadWithProgress(options)
      print(await findSplits(to === undefined ? {} : { dataHome: to }), printSplit)
    })
}

async function downloadWithProgress({ from, to, json }: DataOptions): Promise<void> {
  const line = new ProgressLine()
  try {
    await interruptible((signal) =>
      downloadFashionMnist({
        ...(from === undefined ? {} : { baseUrl: from }),
        ...(to === undefined ? {} : { dataHome: to }),
        signal,
        onProgress: ({ file, receivedBytes, totalBytes }) => {
          const [done, total] = [receivedBytes / 1000, (totalBytes ?? 0) / 1000]
          if (!json) line.show({ done, total, unit: 'kB', secondsLeft: null, detail: file })
        },
      }),
    )
  } finally {
    line.end()
  }
}

type Found = { dataset: string; split: string } & (
  { images: number; files: { name: string; sha256: string }[] } | { missing: string }
)

async function findSplits(location: { dataHome?: string }): Promise<Found[]> {
  const found: Found[] = []
  for (const dataset of BASE_DATASETS) {
    const data = loadDataset(dataset, location)
    for (const split of ['train', 'test'] as const) {
      try {
        const { count, files } = await data[split]()
        const hashes = files.map(({ name, sha256 }) => ({ name, sha256 }))
        found.push({ dataset, split, images: count, files: hashes })
      } catch (error) {
        if (!(error instanceof HeatproofError)) throw error
        found.push({ dataset, split, missing: error.message })
      }
    }
  }
  return found
}

function printSplit(found: Found): string {
  const name = `${found.dataset}, ${found.split}`
  if ('missing' in found) return `– ${name}: ${found.missing}`
  return [`✓ ${name}: ${found.images} images`, ...found.files.map(printFile)].join('\n')
}

function printCheck(check: SplitCheck): string {
  if (check.state === 'absent') return `– ${check.split}: not in this folder`
  if (check.state === 'damaged') return `✗ ${check.split}: ${check.problem}`
  const files = check.files.map(
    (file) =>
      `${printFile(file)}, ${file.official === null ? 'no official content' : `as in ${file.official}`}`,
  )
  return [`✓ ${check.split}: ${check.images} images`, ...files].join('\n')
}

function printFile({ name, sha256 }: { name: string; sha256: string }): string {
  return `    ${sha256}  ${name}`
}

function requireWhole(folder: string, checks: readonly SplitCheck[]): void {
  const damaged = checks.filter(({ state }) => state === 'damaged').map(({ split }) => split)
  if (damaged.length === 0) return
  throw new HeatproofError('bad_file', {
    found: `a ${damaged.join(' and a ')} split in ${folder} that cannot be used`,
    expected: 'whole IDX files, images and labels of the same number',
    advice: 'Get fresh copies of the files; nothing was changed.',
  })
}
