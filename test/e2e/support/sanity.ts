import type { RunningApp } from './app.ts'
import { waitForJob } from './sample.ts'

/** A sanity check of the first model on a few sequences. */
export async function checkSanity(app: RunningApp): Promise<void> {
  const [model] = await app.call('models.list', {})
  const check = await app.call('sanity.start', {
    modelId: model?.id ?? 0,
    againstId: null,
    methods: ['sa', 'gi', 'gb', 'dtd', 'lrp_a1.5b0.5'],
    dataset: 'mnist-3-digits-maj',
    count: 50,
    seed: 1,
  })
  await waitForJob(app, check.jobId)
}
