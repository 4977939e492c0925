import { Command, Option } from 'commander'
import { loadDataset } from '../../engine/data/datasets.ts'
import { downloadFashionMnist } from '../../engine/data/fashion-mnist.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { DATASET_NAMES } from '../../shared/names.ts'

interface DataOptions {
  download?: 'fashion-mnist'
  from?: string
  to?: string
  json?: true
}

/** `heatproof data`: which data sets are there; downloads what can be downloaded. */
export function dataCommand(): Command {
  return new Command('data')
    .description('say which data sets are there, with the hashes of their files')
    .addOption(new Option('--download <name>', 'download it first').choices(['fashion-mnist']))
    .option('--from <url>', 'address of the folder with the .gz files')
    .option('--to <dir>', 'data folder to write to, and to read from')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof data --download fashion-mnist')
    .action(async ({ download, from, to, json }: DataOptions) => {
      const location = to === undefined ? {} : { dataHome: to }
      if (download !== undefined) {
        await downloadFashionMnist({ ...location, ...(from === undefined ? {} : { baseUrl: from }) })
      }
      const found = await findSplits(location)
      console.log(json ? JSON.stringify(found, null, 2) : found.map(printSplit).join('\n'))
    })
}

type Found = { dataset: string; split: string } & (
  { images: number; files: { name: string; sha256: string }[] } | { missing: string }
)

async function findSplits(location: { dataHome?: string }): Promise<Found[]> {
  const found: Found[] = []
  for (const dataset of DATASET_NAMES) {
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
  return [
    `✓ ${name}: ${found.images} images`,
    ...found.files.map((file) => `    ${file.sha256}  ${file.name}`),
  ].join('\n')
}
