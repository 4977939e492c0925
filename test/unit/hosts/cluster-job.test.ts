import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { kubernetesJob, slurmScript } from '../../../src/hosts/command-support/cluster-job.ts'

const folder = mkdtempSync(join(tmpdir(), 'heatproof-cluster-'))
const JOB = {
  ...{ name: 'maps', workspace: "/data/it's mine.heatproof", folder: join(folder, 'shard files') },
  ...{ parts: 16, cpus: 4, memory: 8, explain: ['--methods', 'dtd,sa', '--target', '3'] },
}
const WANTED = ['explain', '--workspace', JOB.workspace, ...JOB.explain, '--shard', '5/16', '--out']

/** What the program is called with when the shell runs this, one argument a line. */
function argumentsOf(shell: string, script: string, environment: Record<string, string>): string[] {
  const program = join(folder, 'heatproof')
  writeFileSync(program, `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/arguments"\n`)
  chmodSync(program, 0o755)
  const env = { ...process.env, ...environment, PATH: `${folder}:${process.env['PATH'] ?? ''}` }
  execFileSync(shell, ['-c', script], { env })
  return readFileSync(join(folder, 'arguments'), 'utf8').trimEnd().split('\n')
}

test('the Slurm script is valid, has a task for each part, and each computes its own', () => {
  const script = slurmScript(JOB)
  execFileSync('bash', ['-n', '-c', script])
  expect(script).toContain('#SBATCH --array=1-16\n#SBATCH --cpus-per-task=4\n#SBATCH --mem=8G')
  expect(argumentsOf('bash', script, { SLURM_ARRAY_TASK_ID: '5' })).toEqual([
    ...WANTED,
    join(JOB.folder, 'shard-5-of-16.jsonl'),
  ])
})

test('the Kubernetes manifest is an Indexed Job whose pods compute a part each', () => {
  const manifest: unknown = parse(kubernetesJob(JOB, 'registry/heatproof:1'))
  expect(manifest).toMatchObject({
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'maps' } },
    spec: {
      ...{ completions: 16, parallelism: 16, completionMode: 'Indexed' },
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ image: 'registry/heatproof:1', resources: { limits: { memory: '8Gi' } } }],
        },
      },
    },
  })
  const { spec } = manifest as { spec: { template: { spec: { containers: { command: string[] }[] } } } }
  const [shell = '', , script = ''] = spec.template.spec.containers[0]?.command ?? []
  expect(argumentsOf(shell, script, { JOB_COMPLETION_INDEX: '4' })).toEqual([
    ...WANTED,
    join(JOB.folder, 'shard-5-of-16.jsonl'),
  ])
})
