import { existsSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { basename, dirname, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { z } from 'zod'
import type { Engine } from '../../engine/api/engine.ts'
import { ExportRequest, type ExportRecord } from '../../shared/contract/exports.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatBytes, plural } from '../../shared/units.ts'
import { exportFilter, type FilterOptions } from '../command-support/export-filter.ts'
import { interruptible, throwIfInterrupted } from '../command-support/interrupt.ts'
import { ProgressLine } from '../command-support/progress-line.ts'
import { openWorkspace } from '../open-workspace.ts'
import { workspaceOption } from '../options.ts'

interface ExportOptions extends FilterOptions {
  workspace: string
  out: string
  include: ExportRequest['include']
  zip?: true
  images: boolean
  by: string
  json?: true
}

/** `heatproof export`: writes an audited set. */
export function exportCommand(print: (text: string) => void = console.log): Command {
  return new Command('export')
    .description('write an audited set: maps, verdicts, scores and models, with a manifest of hashes')
    .addOption(workspaceOption())
    .requiredOption('--out <dir>', 'the new folder, or zip file with --zip; must not be there yet')
    .addOption(
      new Option(
        '--include <which>',
        'accepted: consensus is accept; consensus: any consensus verdict; any: every matching map',
      )
        .choices(ExportRequest.shape.include.unwrap().options)
        .default('consensus'),
    )
    .option('--filter <json>', 'filter as the app writes it, e.g. {"correct": true}')
    .option('--method <list>', 'only these methods, with commas between')
    .option('--model <list>', 'only these models, names or ids, with commas between')
    .option('--label <list>', 'only samples with these labels, with commas between')
    .option('--zip', 'write one zip file instead of a folder')
    .option('--no-images', 'leave the pictures of the maps out')
    .option('--by <name>', 'who exports, for the manifest', userInfo().username)
    .option('--json', 'print the result as JSON')
    .action(async (options: ExportOptions) => {
      const record = await interruptible((signal) => exportSet(options, signal))
      print(options.json ? JSON.stringify(record, null, 2) : printRecord(record))
    })
}

async function exportSet(options: ExportOptions, signal: AbortSignal): Promise<ExportRecord> {
  const out = resolve(options.out)
  const workspace = resolve(options.workspace)
  requireWorkspaceFile(workspace)
  // The workspace's own folder too, for an export of the app that was interrupted and goes on now.
  const folders = [dirname(out), dirname(workspace)]
  const engine = await openWorkspace({ workspace, whenMissing: 'fail', backend: 'auto', folders })
  try {
    const request = parseRequest({
      filter: exportFilter(options, await engine.handlers['models.list']({})),
      include: options.include,
      format: options.zip ? 'zip' : 'folder',
      folder: dirname(out),
      name: basename(out),
      images: options.images,
      createdBy: options.by,
    })
    const { jobId } = await engine.handlers['exports.start'](request)
    const job = await finishedJob(engine, jobId, { signal, quiet: options.json ?? false })
    const record = (await engine.handlers['exports.list']({})).find(({ id }) => id === job.resultId)
    if (job.status === 'done' && record !== undefined) return record
    throwIfInterrupted(signal, 'Nothing was written; start again.')
    throw new HeatproofError('cannot_write', {
      found: `an export that failed (${job.error ?? job.status})`,
      expected: `the set at ${out}`,
      advice: 'Nothing half-written was left; start again.',
    })
  } finally {
    await engine.close()
  }
}

function requireWorkspaceFile(path: string): void {
  if (existsSync(path) && statSync(path).isFile()) return
  throw new HeatproofError('not_found', {
    found: `no workspace ${path}`,
    expected: 'a .heatproof file',
    advice: 'Check the path, or make a workspace with `heatproof init FILE`.',
  })
}

/** @throws HeatproofError `bad_argument` */
function parseRequest(request: z.input<typeof ExportRequest>): ExportRequest {
  const parsed = ExportRequest.safeParse(request)
  if (parsed.success) return parsed.data
  throw new HeatproofError('bad_argument', {
    found: z.prettifyError(parsed.error),
    expected: 'a file name and options that an export can have',
    advice: 'Run `heatproof export --help`.',
  })
}

/** Shows how far the job is; Ctrl+C cancels it. */
async function finishedJob(
  engine: Engine,
  jobId: number,
  { signal, quiet }: { signal: AbortSignal; quiet: boolean },
): Promise<Job> {
  const progress = new ProgressLine()
  const unsubscribe = engine.subscribe((event) => {
    if (!quiet && event.type === 'job' && event.job.id === jobId) progress.show(event.job)
  })
  const cancel = () => void engine.handlers['jobs.cancel']({ id: jobId })
  signal.addEventListener('abort', cancel)
  try {
    if (signal.aborted) cancel()
    return await engine.waitFor(jobId)
  } finally {
    signal.removeEventListener('abort', cancel)
    unsubscribe()
    progress.end()
  }
}

function printRecord({ path, maps, verdicts, bytes, manifestSha256 }: ExportRecord): string {
  return [
    `${plural(maps, 'map')} with ${plural(verdicts, 'verdict')}, ${formatBytes(bytes)}, written to ${path}`,
    `SHA-256 of the manifest: ${manifestSha256}`,
    `Check it with: heatproof verify --manifest-sha256 ${manifestSha256} '${path}'`,
  ].join('\n')
}
