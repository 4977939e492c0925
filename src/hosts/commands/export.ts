import { basename, dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { userName } from '../../engine/user-name.ts'
import { ExportRequest, type ExportRecord } from '../../shared/contract/exports.ts'
import { EXPORT_FORMS, FORM_TITLES, type ExportForm } from '../../shared/export-forms.ts'
import { CONSENSUS_RULES } from '../../shared/names.ts'
import { formatBytes, plural } from '../../shared/units.ts'
import { exportFilter, type FilterOptions } from '../command-support/export-filter.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { workspaceOption } from '../options.ts'

interface ExportOptions extends FilterOptions {
  workspace: string
  out: string
  include: ExportRequest['include']
  rule: ExportRequest['rule']
  reviewer?: string[]
  calibration: string | number
  format: ExportForm
  zip?: true
  images: boolean
  by: string
  json?: true
}

/** `heatproof export`: writes an audited set, or what another tool reads. */
export function exportCommand(print: (text: string) => void = console.log): Command {
  return new Command('export')
    .description(
      'write an audited set (maps, verdicts, scores and models), or the same for another tool, with a manifest of hashes',
    )
    .addOption(workspaceOption())
    .requiredOption('--out <dir>', 'the new folder, or zip file with --zip; must not be there yet')
    .addOption(
      new Option(
        '--include <which>',
        'maps whose consensus is accept (accepted), fail (failed), unsure, or accept or fail (consensus); any: every matching map',
      )
        .choices(ExportRequest.shape.include.unwrap().options)
        .default('consensus'),
    )
    .addOption(
      new Option(
        '--rule <which>',
        'consensus is what more than half (majority) or all (unanimous) of the reviewers say, or fail as soon as one says so (any)',
      )
        .choices(CONSENSUS_RULES)
        .default('majority'),
    )
    .option('--reviewer <list>', 'only verdicts of these reviewers, with commas between', listOf)
    .option(
      '--calibration <which>',
      'what scores follow: active, default, or the number of a version',
      calibrationOf,
      'active',
    )
    .addOption(
      new Option('--format <name>', `what is written:\n${describeForms()}\n`)
        .choices(EXPORT_FORMS)
        .default('set'),
    )
    .option('--filter <json>', 'filter as the app writes it, e.g. {"correct": true}')
    .option('--method <list>', 'only these methods, with commas between')
    .option('--model <list>', 'only these models, names or ids, with commas between')
    .option('--label <list>', 'only samples with these labels, with commas between')
    .option('--zip', 'write one zip file instead of a folder')
    .option('--no-images', 'leave the pictures of the maps out of an audited set')
    .option('--by <name>', 'who exports, for the manifest', userName())
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  heatproof export --workspace digits.heatproof --include any --out audited\n' +
        '  heatproof export --workspace digits.heatproof --include failed --rule unanimous --calibration 2 --out failures' +
        '\n  heatproof export --workspace digits.heatproof --format parquet --out tables',
    )
    .action(async (options: ExportOptions) => {
      const record = await exportSet(options)
      print(options.json ? JSON.stringify(record, null, 2) : printRecord(record))
    })
}

async function exportSet(options: ExportOptions): Promise<ExportRecord> {
  const out = resolve(options.out)
  const folder = dirname(out)
  return withWorkspace({ workspace: options.workspace, folders: [folder] }, async (engine) => {
    const wanted = {
      filter: exportFilter(options, await engine.handlers['models.list']({})),
      include: options.include,
      rule: options.rule,
      ...(options.reviewer !== undefined && { reviewers: options.reviewer }),
      calibration: options.calibration,
      form: options.format,
      format: options.zip ? 'zip' : 'folder',
      folder,
      name: basename(out),
      images: options.images,
      createdBy: options.by,
    }
    const request = parseRequest(ExportRequest, wanted, 'export', OPTION_NAMES)
    const { resultId } = await runJob(engine, {
      start: async () => (await engine.handlers['exports.start'](request)).jobId,
      quiet: options.json ?? false,
      afterwards: () => 'Nothing was written; start it again.',
    })
    const record = (await engine.handlers['exports.list']({})).find(({ id }) => id === resultId)
    if (record === undefined) throw new Error(`no record of the export to ${out}`)
    return record
  })
}

function describeForms(): string {
  return EXPORT_FORMS.map((form) => `${form}: ${FORM_TITLES[form].text}`).join('\n')
}

/** The options behind the fields of a request. */
const OPTION_NAMES = {
  form: '--format',
  name: '--out',
  folder: '--out',
  createdBy: '--by',
  reviewers: '--reviewer',
  calibration: '--calibration',
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

/** The number of a version as a number; whether other text is fine, the request says. */
function calibrationOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text
}

function printRecord({ path, maps, verdicts, bytes, manifestSha256 }: ExportRecord): string {
  return [
    `${plural(maps, 'map')} with ${plural(verdicts, 'verdict')}, ${formatBytes(bytes)}, written to ${path}`,
    `SHA-256 of the manifest: ${manifestSha256}`,
    `Check it with: heatproof verify --manifest-sha256 ${manifestSha256} '${path}'`,
  ].join('\n')
}
