import type { Engine } from '../../../src/engine/api/engine.ts'
import {
  contract,
  type EngineEvent,
  type Handlers,
  type ProcedureName,
} from '../../../src/shared/contract/contract.ts'
import type { WorkspaceSummary } from '../../../src/shared/contract/workspace.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'

export interface SmallEngine extends Engine {
  emit: (event: EngineEvent) => void
  listeners: () => number
  calls: { name: string; input: unknown }[]
}

/** An engine of one map that remembers what reached it: enough to see what a server lets through. */
export function smallEngine(overrides: Partial<Handlers<ProcedureName>> = {}): SmallEngine {
  const listeners = new Set<(event: EngineEvent) => void>()
  const calls: SmallEngine['calls'] = []
  const pixels = new Uint8Array(new Float32Array([0, 0.5, -1, 2]).buffer)
  const only = (id: number): Uint8Array => {
    if (id === 1) return pixels
    throw new HeatproofError('not_found', { found: `no map ${id}`, expected: 'map 1', advice: 'Ask for 1.' })
  }
  return {
    handlers: recordCalls({ ...answering(), ...overrides }, calls),
    bulk: {
      mapValues: only,
      manyMapValues: (ids) => Buffer.concat(ids.map(only)),
      manySampleValues: (ids) => Buffer.concat(ids.map(only)),
      mapDifference: (id) => only(id),
      mapImage: only,
      sampleValues: only,
      modelFile: only,
      figure: ({ name, metric }, format, { theme }) =>
        new TextEncoder().encode(`${name} ${metric ?? ''} ${format} ${theme}`),
      comparison: ({ metric }, format) => `${metric} ${format}`,
      sanityTable: (id) => `check\n${id}\n`,
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reviewerWith: () => undefined,
    noteVisit: () => undefined,
    allowFolder: () => undefined,
    warmUp: () => undefined,
    waitFor: () => Promise.reject(new Error('no jobs')),
    failureOf: () => undefined,
    close: () => Promise.resolve(),
    emit: (event) => listeners.forEach((listener) => listener(event)),
    listeners: () => listeners.size,
    calls,
  }
}

function answering(): Handlers<ProcedureName> {
  const missing = Object.keys(contract).map((name) => [name, () => missingHandler(name)])
  return {
    ...(Object.fromEntries(missing) as Handlers<ProcedureName>),
    'workspace.summary': () => summary('Anna'),
    'workspace.setReviewer': ({ name }) => summary(name),
    'jobs.list': () => [],
    'review.decide': () => [],
  }
}

function missingHandler(name: string): never {
  throw new Error(`no handler for ${name} at /home/anna/secret/engine.ts`)
}

function recordCalls(
  handlers: Handlers<ProcedureName>,
  calls: SmallEngine['calls'],
): Handlers<ProcedureName> {
  const recorded = Object.entries(handlers).map(([name, handler]) => [
    name,
    (input: never) => {
      calls.push({ name, input })
      return handler(input)
    },
  ])
  return Object.fromEntries(recorded) as Handlers<ProcedureName>
}

export function summary(reviewer: string): WorkspaceSummary {
  return {
    name: 'small',
    path: 'small.heatproof',
    reviewer,
    reviewers: [reviewer],
    standing: 'owner',
    counts: { samples: 1, models: 1, runs: 1, maps: 1, verdicts: 0, calibrations: 0, exports: 0 },
    calibration: { id: null, version: null, metric: null, tau: 0.8, theta: null },
    newerVerdicts: 0,
    device: { label: 'CPU', backend: 'wasm', workers: 1 },
    classNames: {},
    networks: [],
    folders: [],
    version: '0.1.0',
  }
}
