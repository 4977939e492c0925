/** A run that a cluster computes in parts. */
export interface ClusterJob {
  name: string
  workspace: string
  /** Where the shard files go. */
  folder: string
  parts: number
  cpus: number
  /** GiB a part. */
  memory: number
  /** Options of `heatproof explain`. */
  explain: readonly string[]
}

/** An array job of Slurm: one task a part. A task that failed is started again by its number, and goes on. */
export function slurmScript({ name, workspace, folder, parts, cpus, memory, explain }: ClusterJob): string {
  const options = explain.map(quoted).join(' ')
  return `#!/bin/bash
#SBATCH --job-name=${name}
#SBATCH --array=1-${parts}
#SBATCH --cpus-per-task=${cpus}
#SBATCH --mem=${memory}G
#SBATCH --output=${name}-%A-%a.log

# One part of ${parts} a task. A part that failed: sbatch --array=NUMBER on this script; it goes on where it stopped.
set -euo pipefail
folder=${quoted(folder)}
mkdir -p "$folder"
heatproof explain --workspace ${quoted(workspace)} ${options === '' ? '' : `${options} `}\\
  --shard "$SLURM_ARRAY_TASK_ID/${parts}" --out "$folder/shard-$SLURM_ARRAY_TASK_ID-of-${parts}.jsonl"

# When all are done: heatproof merge --workspace ${oneLine(quoted(workspace))} ${oneLine(quoted(folder))}/shard-*-of-${parts}.jsonl
`
}

/**
 * An Indexed Job of Kubernetes: one pod a part. Workspace and folder are paths in the volume claim `NAME-data`, which is
 * mounted at /data. YAML by way of JSON, which it is a superset of.
 */
export function kubernetesJob(job: ClusterJob, image: string): string {
  const { name, workspace, folder, parts, cpus, memory, explain } = job
  const shard = `$((JOB_COMPLETION_INDEX + 1))`
  const options = explain.map(quoted).join(' ')
  const command = [
    `mkdir -p ${quoted(folder)}`,
    `exec heatproof explain --workspace ${quoted(workspace)} ${options} --shard "${shard}/${parts}" --out ${quoted(folder)}/"shard-${shard}-of-${parts}.jsonl"`,
  ].join(' && ')
  const manifest = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      ...{ completions: parts, parallelism: parts, completionMode: 'Indexed', backoffLimitPerIndex: 3 },
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [
            {
              ...{ name: 'explain', image, command: ['/bin/sh', '-c', command], workingDir: '/data' },
              resources: {
                requests: { cpu: String(cpus), memory: `${memory}Gi` },
                limits: { memory: `${memory}Gi` },
              },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: `${name}-data` } }],
        },
      },
    },
  }
  return `# One pod a part. When all are done: heatproof merge --workspace FILE FOLDER/shard-*-of-${parts}.jsonl
# Workspace and folder lie in the volume claim ${name}-data, which is mounted at /data.
${JSON.stringify(manifest, null, 2)}
`
}

/** A word that the shell takes as it is. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:=,@+-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Of a comment, which ends with its line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s/g, ' ')
}
