import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CallInput } from '../../src/shared/contract/contract.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { growth, percentile } from './figures.ts'
import { serve } from './served.ts'

export interface LoadOptions {
  workspace: string
  /** Sequences of the workspace. */
  samples: number
  reviewers: number
  /** Verdicts a second of each. */
  rate: number
  seconds: number
  /** Whether maps are computed meanwhile. */
  job: boolean
}

export interface LoadResult {
  sent: number
  errors: number
  /** Of the answers, from the moment at which the verdict was due, in milliseconds. */
  p50: number
  p99: number
  longest: number
  /** Resident memory of the server in bytes: the largest, and its growth in the last four fifths. */
  memory: { largest: number; growth: number }
  /** Maps that were computed meanwhile. */
  computed: number
}

/**
 * Reviewers decide at a steady pace, each by their own link, while a job computes maps. The pace does not wait for answers: a
 * server that falls behind is seen to.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const { workspace, samples, reviewers, rate, seconds, job } = options
  const { origin, owner, modelId, holding, stop } = await serve(workspace, samples)
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  try {
    const { counts } = await owner.call('workspace.summary', {})
    if (job) await owner.call('runs.start', runOf(modelId, seconds))
    const latencies: number[] = []
    const memory: number[] = []
    let errors = 0
    const watch = setInterval(() => memory.push(holding().memory), Math.min(5000, 100 * seconds))
    const end = performance.now() + 1000 * seconds
    const review = async (index: number): Promise<void> => {
      const name = `Reviewer ${index + 1}`
      const { token } = await owner.call('reviewers.add', { name, role: 'reviewer' })
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/events`, {
        headers: { authorization: `Bearer ${token}` },
      })
      const random = seededGenerator(index, 'load')
      const answers: Promise<void>[] = []
      for (let due = performance.now() + random.float() * (1000 / rate); due < end; due += 1000 / rate) {
        await sleep(Math.max(0, due - performance.now()))
        const mapIds = [random.uniformInt(1, counts.maps)]
        const verdict: CallInput<'review.decide'> = { reviewer: name, mapIds, verdict: 'accept' }
        const answer = post(agent, `${origin}/rpc/review.decide`, token, verdict).then((ok) => {
          latencies.push(performance.now() - due)
          if (!ok) errors += 1
        })
        answers.push(answer)
        if (answers.length > 1000) await Promise.all(answers.splice(0))
      }
      await Promise.all(answers)
      socket.close()
    }
    await Promise.all(Array.from({ length: reviewers }, (_, index) => review(index)))
    clearInterval(watch)
    const after = await owner.call('workspace.summary', {})
    return {
      sent: latencies.length,
      errors,
      p50: percentile(latencies, 50),
      p99: percentile(latencies, 99),
      longest: percentile(latencies, 100),
      memory: { largest: Math.max(...memory), growth: growth(memory) },
      computed: after.counts.maps - counts.maps,
    }
  } finally {
    agent.destroy()
    await stop()
  }
}

/** A run that is at it for most of the time on two cores; the training split has no more than 48,000 sequences. */
function runOf(modelId: number, seconds: number): CallInput<'runs.start'> {
  const count = Math.min(48_000, Math.ceil(200 * seconds))
  return {
    ...{ modelIds: [modelId], methods: ['sa', 'gi', 'dtd'], dataset: 'mnist-3-digits-maj', split: 'train' },
    ...{ fold: 1, count, seed: 0, target: 'label' },
  }
}

/** Whether the answer was 200. */
function post(agent: Agent, url: string, token: string, input: unknown): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode === 200))
    })
    sent.on('error', () => resolve(false))
    sent.end(JSON.stringify(input))
  })
}
