import { Argument, Command, InvalidArgumentError } from 'commander'
import { kubernetesJob, slurmScript, type ClusterJob } from '../command-support/cluster-job.ts'
import { wholeNumber } from '../options.ts'

type Scheduler = 'slurm' | 'kubernetes'

interface ClusterOptions extends Omit<ClusterJob, 'explain'> {
  image: string
  json?: true
}

/** `heatproof cluster`: what hands the parts of a run to a cluster's own scheduler. */
export function clusterCommand(): Command {
  return new Command('cluster')
    .description('print an array job of Slurm, or an Indexed Job of Kubernetes, that computes a run in parts')
    .addArgument(new Argument('<scheduler>', 'of the cluster').choices(['slurm', 'kubernetes']))
    .argument('[explain...]', 'after --: options of `heatproof explain`, e.g. --methods dtd,sa --count 10000')
    .requiredOption('--workspace <file>', 'with the models, where the cluster sees it')
    .requiredOption('--folder <dir>', 'for the shard files, where the cluster sees it')
    .requiredOption('--parts <n>', 'parts that the run is cut into', wholeNumber('--parts', 1, 10_000))
    .option('--name <name>', 'of the job', jobName, 'heatproof')
    .option('--cpus <n>', 'processors a part', wholeNumber('--cpus', 1, 1024), 4)
    .option('--memory <gib>', 'memory a part, in GiB', wholeNumber('--memory', 1, 4096), 8)
    .option('--image <image>', 'kubernetes: an image with heatproof on its path', 'heatproof:latest')
    .option('--json', 'print JSON: the text of the job')
    .addHelpText(
      'after',
      '\nExample: heatproof cluster slurm --workspace digits.heatproof --folder shards --parts 16 -- --count 10000 > job.sh' +
        '\n         sbatch job.sh, and then heatproof merge --workspace digits.heatproof shards/*.jsonl',
    )
    .action((scheduler: Scheduler, explain: string[], { image, json, ...options }: ClusterOptions) => {
      const job = { ...options, explain }
      const text = scheduler === 'slurm' ? slurmScript(job) : kubernetesJob(job, image)
      console.log(json ? JSON.stringify({ scheduler, parts: job.parts, text }, null, 2) : text.trimEnd())
    })
}

/** Names of Kubernetes' objects, which Slurm takes too. */
function jobName(text: string): string {
  if (/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(text)) return text
  throw new InvalidArgumentError('Expected small letters, digits and dashes, beginning with a letter.')
}
