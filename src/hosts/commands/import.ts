import { createInterface } from 'node:readline/promises'
import { dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import { userName } from '../../engine/user-name.ts'
import {
  ImportOptions,
  ImportRequest,
  type ImportFindings,
  type ImportRecord,
} from '../../shared/contract/imports.ts'
import { targetOfText } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import {
  IMPORT_FORMATS,
  IMPORT_TITLES,
  importedCounts,
  INPUT_LAYOUTS,
  MAP_LAYOUTS,
} from '../../shared/imports.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { workspaceOption } from '../options.ts'

interface ImportCommandOptions {
  workspace: string
  format?: string
  name?: string
  model?: string
  tool?: string
  inputLayout?: string
  mapLayout?: string
  inputRange?: number[]
  explains?: string | number
  classes?: string[]
  by: string
  yes?: true
  dryRun?: true
  json?: true
}

/** `heatproof import`: brings what was made elsewhere into a workspace, all or nothing. */
export function importCommand(): Command {
  return new Command('import')
    .description(
      'bring images, heatmaps or verdicts from elsewhere, or an audited set, into a workspace, all or nothing',
    )
    .argument('<path>', 'a folder or a file; what it is, is found out')
    .addOption(workspaceOption())
    .addOption(new Option('--format <name>', 'say what it is').choices(IMPORT_FORMATS))
    .option('--name <text>', 'what the samples are called (default: the name of the file)')
    .option('--model <text>', 'the network that is explained (default: the same)')
    .option('--tool <text>', 'what computed the maps, e.g. "captum 0.8.0"')
    .addOption(
      new Option('--input-layout <layout>', 'order of the inputs’ dimensions').choices(INPUT_LAYOUTS),
    )
    .addOption(
      new Option('--map-layout <layout>', 'order of the maps’ dimensions; channels are summed').choices(
        MAP_LAYOUTS,
      ),
    )
    .option('--input-range <low,high>', 'the values of black and white, e.g. 0,255', rangeOf)
    .option('--explains <which>', 'explained class: label, predicted, or a class such as 3', targetOfText)
    .option('--classes <list>', 'names of the classes from 0 on, with commas between', (text) =>
      text.split(','),
    )
    .option('--by <name>', 'who imports, and gave the verdicts whose file names nobody', userName())
    .option('--dry-run', 'say what would be imported, and what stands against it; store nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (path: string, options: ImportCommandOptions) => {
      await importPath(resolve(path), options)
    })
}

const HELP = `
Formats: ${Object.entries(IMPORT_TITLES)
  .map(([name, title]) => `${name} (${title})`)
  .join(', ')}

Arrays are a folder or one .npz with inputs.npy [N, rows, columns] (with channels before or after them where there are any), labels.npy [N],
predictions.npy [N] or logits.npy [N, classes], maps/METHOD.npy of each method, and where they are known regions.json, regions.csv
or regions.npy (whole numbers), marks.npy [N, regions], explained.npy [N], names.txt, classes.txt and about.json.
Without predictions, logits and maps they are images without maps, which \`heatproof explain --set NAME\` explains by models of this workspace.

A ViRelAy project is its .yaml file, or a folder that holds such files, or \`projects\` with them as \`heatproof export --format virelay\`
writes it. Its clusterings and embeddings form groups in Review.
Every path in them must stay inside the folder. Of projects of several models --model names the one to take in.

An audited set is the folder or zip that \`heatproof export\` has written; an empty workspace gets all of it, with its ids and times.

Verdicts go to maps that are in the workspace. They are a table (CSV or JSON Lines) with the columns verdict and map_id, or sha256, or sample
(or sample_set and sample_position) with model and method, and where they are known reviewer, modes, note, time and box; the JSON that
Label Studio exports; or samples.json of FiftyOne.

Examples:
  heatproof import audited --workspace new.heatproof --dry-run
  heatproof import maps.npz --workspace digits.heatproof --dry-run
  heatproof import photos --workspace digits.heatproof --yes
  heatproof import verdicts.csv --workspace digits.heatproof --by Ada --dry-run
  heatproof import virelay-export --workspace digits.heatproof --model deep-a --yes
  heatproof import shap-maps --workspace digits.heatproof --input-range 0,255 --tool shap-0.46 --yes`

async function importPath(path: string, options: ImportCommandOptions): Promise<void> {
  const request = requestOf(path, options)
  await withWorkspace({ workspace: options.workspace, folders: [dirname(path)] }, async (engine) => {
    const findings = await engine.handlers['imports.inspect'](request)
    if (options.dryRun) {
      console.log(options.json ? JSON.stringify(findings, null, 2) : printFindings(findings))
      requireNoConflict(findings)
      return
    }
    if (!options.json) console.log(printFindings(findings))
    requireNoConflict(findings)
    if (!options.yes) await confirm()
    const record = await store(engine, request, options.json ?? false)
    console.log(options.json ? JSON.stringify(record, null, 2) : printRecord(record))
  })
}

function requestOf(path: string, options: ImportCommandOptions): ImportRequest {
  const { format, by, name, model, tool, inputLayout, mapLayout, inputRange, explains, classes } = options
  const said = { name, model, tool, inputLayout, mapLayout, inputRange, explains, classNames: classes }
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
  return parseRequest(
    ImportRequest,
    {
      ...{ path, createdBy: by },
      ...(format !== undefined && { format }),
      options: parseRequest(ImportOptions, given, 'import', { classNames: '--classes' }),
    },
    'import',
    { createdBy: '--by' },
  )
}

async function store(engine: Engine, request: ImportRequest, quiet: boolean): Promise<ImportRecord> {
  const { resultId } = await runJob(engine, {
    start: async () => (await engine.handlers['imports.start'](request)).jobId,
    quiet,
    afterwards: () => 'Nothing was kept; start it again.',
  })
  const record = (await engine.handlers['imports.list']({})).find(({ id }) => id === resultId)
  if (record === undefined) throw new Error(`no record of the import of ${request.path}`)
  return record
}

function rangeOf(text: string): number[] {
  return text.split(',').map(Number)
}

/** Asks whoever sits there. @throws HeatproofError `cancelled` (no), `bad_argument` where nobody can answer */
async function confirm(): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new HeatproofError('bad_argument', {
      found: 'nobody who could confirm what was found',
      expected: '--yes, or --dry-run',
      advice: 'Look at what --dry-run prints, then start it again with --yes.',
    })
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question('Import this? [y/N] ')
    if (/^y(es)?$/i.test(answer.trim())) return
  } finally {
    terminal.close()
  }
  throw new HeatproofError('cancelled', {
    found: 'that it was not confirmed',
    expected: 'y',
    advice: 'Nothing was stored. Say it outright with the options; see `heatproof import --help`.',
  })
}

function requireNoConflict({ format, conflicts }: ImportFindings): void {
  const [first] = conflicts
  if (first === undefined) return
  throw new HeatproofError('conflict', {
    found: conflicts.length === 1 ? first : `${first} (and ${conflicts.length - 1} more)`,
    expected: 'what the workspace has of the same',
    advice:
      format === 'verdicts'
        ? 'Correct the file; --dry-run --json lists the conflicts.'
        : 'Correct the files, or import them under another --name or --model; --dry-run --json lists all.',
  })
}

function printFindings({ format, facts, warnings, conflicts }: ImportFindings): string {
  const width = Math.max(...facts.map(({ name }) => name.length))
  return [
    IMPORT_TITLES[format],
    ...facts.map(({ name, value }) => `  ${name.padEnd(width)}  ${value}`),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...conflicts.map((conflict) => `Conflict: ${conflict}`),
  ].join('\n')
}

function printRecord({ counts, source, sha256 }: ImportRecord): string {
  return `Imported from ${source}: ${importedCounts(counts)}\nSHA-256 of what was imported: ${sha256}`
}
