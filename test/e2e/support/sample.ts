import type { RunningApp } from './app.ts'

const POLL_MS = 200

/** Waits until a job has ended. @throws when it failed */
export async function waitForJob(app: RunningApp, jobId: number): Promise<void> {
  for (;;) {
    const job = await app.call('jobs.get', { id: jobId })
    if (job.status === 'done') return
    if (job.status !== 'queued' && job.status !== 'running') {
      throw new Error(`The job '${job.title}' is ${job.status}: ${job.error ?? 'no reason given'}`)
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/** Fills the workspace with the shipped models, real digits and their heatmaps, and says who reviews. */
export async function openSample(app: RunningApp, reviewer = 'Ada'): Promise<void> {
  const { jobId } = await app.call('workspace.openSample', {})
  await waitForJob(app, jobId)
  await app.call('workspace.setReviewer', { name: reviewer })
}
