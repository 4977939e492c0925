import { Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { wholeNumber } from '../options.ts'
import type { WorkspaceUse } from './job.ts'

/** The number of a job, or `true` for the latest that is not done. */
export type Resume = number | true

export function resumeOption(): Option {
  return new Option(
    '--resume [job]',
    'go on with a stopped job, as it was started (default: the latest that is not done); other options do not count',
  ).argParser(wholeNumber('--resume', 1, 1e9))
}

/** Begins a new job, or goes on with the one that `--resume` names. @throws HeatproofError `not_found`, `conflict` */
export async function startOrResume(
  { handlers }: Engine,
  kind: Job['kind'],
  resume: Resume | undefined,
  start: () => Promise<{ jobId: number }>,
): Promise<number> {
  if (resume === undefined) return (await start()).jobId
  const jobs = await handlers['jobs.list']({ limit: 500 })
  const job =
    resume === true
      ? jobs.find((each) => each.kind === kind && each.status !== 'done')
      : await handlers['jobs.get']({ id: resume })
  if (job?.kind !== kind) throw nothingToResume(kind, job)
  return (await handlers['jobs.resume']({ id: job.id })).id
}

/** How to go on with a job of a command, e.g. after Ctrl+C. */
export function howToResume(
  command: string,
  { workspace, backend = 'auto' }: WorkspaceUse,
  jobId: number,
): string {
  const words = ['heatproof', command, '--workspace', quoted(workspace), '--resume', String(jobId)]
  if (backend !== 'auto') words.push('--backend', backend)
  return `What was done is kept; go on with: ${words.join(' ')}`
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`
}

function nothingToResume(kind: Job['kind'], job: Job | undefined): HeatproofError {
  return new HeatproofError('not_found', {
    found:
      job === undefined ? `no ${kind} job that is not done` : `job ${job.id}, which is a job of ${job.kind}`,
    expected: `a stopped job of ${kind}`,
    advice: 'Name another job, or leave --resume out to start a new one.',
  })
}
