import type { Job } from '../../shared/contract/jobs.ts'
import type { EngineEvent } from '../../shared/contract/contract.ts'
import { className, classNames } from '../../shared/class-names.ts'
import { isAtLeast } from '../../shared/contract/access.ts'
import type { WorkspaceSummary } from '../../shared/contract/workspace.ts'
import type { EngineClient } from '../lib/client.ts'
import { settled } from '../lib/settled.ts'
import type { Notices } from './notices.svelte.ts'

/** Changes come in bursts; the summary is asked for once they pause, and now and then while they do not. */
const SETTLE = { pause: 300, most: 2000 }
/** Between tries while the engine does not answer. */
const LOST_MS = 3000

/** What a button says that only a lead may press. */
const NOT_A_LEAD = { disabled: true, title: 'Only a lead can do this. Ask one of them.' } as const

const isOpen = (job: Job) => job.status === 'running' || job.status === 'queued'

/** The open workspace and its jobs, kept fresh by the engine's events. */
export class WorkspaceState {
  #summary: WorkspaceSummary | null = $state.raw(null)
  #jobs: readonly Job[] = $state.raw([])
  #problem: unknown = $state.raw(null)
  #shutOut = $state(false)
  #lost: unknown = $state.raw(null)
  readonly #loadSoon = settled(() => void this.load(), SETTLE)
  readonly #client: EngineClient
  readonly #notices: Notices

  constructor(client: EngineClient, notices: Notices) {
    this.#client = client
    this.#notices = notices
    client.subscribe(
      (event) => this.#onEvent(event),
      () => (this.#shutOut = true),
    )
  }

  /** null until the engine has answered once. */
  get summary(): WorkspaceSummary | null {
    return this.#summary
  }

  /** Why there is nothing to show: the engine has never answered. null once it has. */
  get problem(): unknown {
    return this.#problem
  }

  /** Why the engine, which has answered before, does not any more; what is on screen stays meanwhile. null while it answers. */
  get lost(): unknown {
    return this.#lost
  }

  /** Newest first. */
  get jobs(): readonly Job[] {
    return this.#jobs
  }

  get runningJob(): Job | null {
    return this.#jobs.findLast((job) => job.status === 'running') ?? this.#jobs.findLast(isOpen) ?? null
  }

  /** What people call a class of a data set. */
  className(dataset: string, label: number): string {
    return className(dataset, label, this.#summary?.classNames[dataset])
  }

  /** What people call each class of a data set, by its number. */
  classNames(dataset: string): readonly string[] {
    return classNames(dataset, this.#summary?.classNames[dataset])
  }

  get reviewer(): string {
    return this.#summary?.reviewer ?? ''
  }

  /** Whoever may choose under which name to decide: the window, or the address that `heatproof serve` printed. */
  get isOwner(): boolean {
    return this.#summary?.standing === 'owner'
  }

  get isLead(): boolean {
    return this.#summary !== null && isAtLeast(this.#summary.standing, 'lead')
  }

  /** Attributes of a control that only a lead may use: none for a lead, otherwise disabled with the reason. */
  get leadOnly(): typeof NOT_A_LEAD | Record<string, never> {
    return this.isLead ? {} : NOT_A_LEAD
  }

  /** The link by which this page was opened has been taken back. */
  get shutOut(): boolean {
    return this.#shutOut
  }

  async load(): Promise<void> {
    try {
      const [summary, jobs] = await Promise.all([
        this.#client.call('workspace.summary', {}),
        this.#client.call('jobs.list', {}),
      ])
      this.#summary = summary
      this.#jobs = jobs
      this.#problem = null
      this.#lost = null
    } catch (error) {
      if (this.#summary === null) this.#problem = error
      else this.#lost = error
      if (this.#lost !== null) setTimeout(this.#loadSoon, LOST_MS)
    }
  }

  async setReviewer(name: string): Promise<void> {
    try {
      this.#summary = await this.#client.call('workspace.setReviewer', { name })
    } catch (error) {
      this.#notices.fail('The reviewer’s name was not saved', error)
    }
  }

  /** Fills an empty workspace with the shipped models and digits. */
  async openSample(): Promise<void> {
    try {
      await this.#client.call('workspace.openSample', {})
      await this.load()
    } catch (error) {
      this.#notices.fail('The sample could not be opened', error)
    }
  }

  async cancel(job: Job): Promise<void> {
    try {
      this.#put(await this.#client.call('jobs.cancel', { id: job.id }))
    } catch (error) {
      this.#notices.fail(`“${job.title}” could not be cancelled`, error)
    }
  }

  async resume(job: Job): Promise<void> {
    try {
      this.#put(await this.#client.call('jobs.resume', { id: job.id }))
    } catch (error) {
      this.#notices.fail(`“${job.title}” could not go on`, error)
    }
  }

  #onEvent(event: EngineEvent): void {
    if (event.type === 'job') {
      this.#put(event.job)
      return
    }
    if (event.type === 'changed') this.#loadSoon()
  }

  #put(job: Job): void {
    const before = this.#jobs.find((other) => other.id === job.id)
    this.#jobs = before ? this.#jobs.map((other) => (other === before ? job : other)) : [job, ...this.#jobs]
    if (before && !isOpen(before)) return
    if (job.status === 'failed') {
      const resume = { label: 'Resume', run: () => void this.resume(job) }
      const reason = new Error(job.error ?? 'The engine gave no reason.')
      this.#notices.fail(`“${job.title}” failed`, reason, this.isLead ? resume : undefined)
    }
    if (job.status === 'done') this.#notices.show({ kind: 'success', title: `“${job.title}” is done` })
  }
}
