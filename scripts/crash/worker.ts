import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { openEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/api/engine.ts'
import { backUp } from '../../src/engine/workspace/backups.ts'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { setSetting } from '../../src/engine/workspace/settings.ts'
import { OWNER } from '../../src/shared/contract/reviewers.ts'
import { ExportRequest } from '../../src/shared/contract/exports.ts'
import { VerdictInput } from '../../src/shared/contract/verdicts.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { writeArrays } from './imports.ts'
import { Line, SCENES, type SceneName, type Unanswered } from './protocol.ts'

// Works on a workspace with the real engine until it is killed. `node worker.ts SCENE WORKSPACE SEED [UNANSWERED]`
const [sceneName = '', workspace = '', seed = '0', unanswered = 'null'] = process.argv.slice(2)
const scene = SCENES.find((name) => name === sceneName)
const random = seededGenerator(seed, 'worker')

const WORK: Record<SceneName, () => Promise<void>> = {
  async verdicts() {
    const engine = open()
    const { maps } = (await engine.handlers['workspace.summary']({})).counts
    tell({ type: 'ready' })
    const left = Line.nullable().parse(JSON.parse(unanswered))
    if (left?.type === 'sending') await decide(engine, left)
    for (;;) {
      const mapIds = Array.from({ length: random.uniformInt(1, 4) }, () => random.uniformInt(1, maps))
      await decide(engine, { type: 'sending', requestId: randomUUID(), mapIds: [...new Set(mapIds)] })
    }
  },

  async run() {
    const engine = open()
    tell({ type: 'ready' })
    for (;;) {
      const open = (await engine.handlers['jobs.list']({ limit: 100 })).find(({ status }) =>
        ['queued', 'running'].includes(status),
      )
      await engine.waitFor(open?.id ?? (await startRun(engine)))
      tell({ type: 'maps', count: (await engine.handlers['workspace.summary']({})).counts.maps })
    }
  },

  migration() {
    tell({ type: 'ready' })
    openWorkspace(workspace).close()
    tell({ type: 'migrated' })
    return new Promise(() => setInterval(() => undefined, 1000))
  },

  async backup() {
    const { database } = openWorkspace(workspace)
    tell({ type: 'ready' })
    for (let turn = 0; ; turn += 1) {
      const copying = backUp(database, workspace)
      setSetting(database, 'turn', turn)
      tell({ type: 'backup', path: (await copying).path })
    }
  },

  async export() {
    const engine = open()
    tell({ type: 'ready' })
    for (;;) {
      const request = { filter: {}, include: 'any', format: random.uniformInt(0, 1) === 0 ? 'zip' : 'folder' }
      const name = `set-${randomUUID()}${request.format === 'zip' ? '.zip' : ''}`
      const { jobId } = await engine.handlers['exports.start'](
        ExportRequest.parse({
          ...request,
          images: false,
          folder: dirname(workspace),
          name,
          createdBy: 'Ada',
        }),
      )
      if ((await engine.waitFor(jobId)).status !== 'done') throw new Error('the export failed')
      const path = (await engine.handlers['exports.list']({})).at(-1)?.path
      if (path !== undefined) tell({ type: 'export', path })
    }
  },

  async import() {
    const engine = open()
    tell({ type: 'ready' })
    for (;;) {
      const open = (await engine.handlers['jobs.list']({ limit: 100 })).find(({ status }) =>
        ['queued', 'running'].includes(status),
      )
      const { status } = await engine.waitFor(open?.id ?? (await startImport(engine)))
      if (status !== 'done') throw new Error(`the import is ${status}`)
      tell({ type: 'import', count: (await engine.handlers['imports.list']({})).length })
    }
  },
}

if (scene === undefined) throw new Error(`no scene '${sceneName}'`)
await WORK[scene]()

function open(): Engine {
  return openEngine({ workspacePath: workspace, folders: [dirname(workspace)], backend: 'wasm', workers: 1 })
}

async function decide(engine: Engine, sending: Unanswered): Promise<void> {
  tell(sending)
  const { requestId, mapIds } = sending
  const input = VerdictInput.parse({ requestId, mapIds, reviewer: 'Ada', verdict: 'accept' })
  const rows = await engine.handlers['review.decide'](input, OWNER)
  tell({ type: 'verdicts', rows: rows.map(({ id, mapId, verdict }) => ({ id, mapId, verdict })) })
}

async function startRun(engine: Engine): Promise<number> {
  const [model] = await engine.handlers['models.list']({})
  const runs = (await engine.handlers['runs.list']({})).length
  const { jobId } = await engine.handlers['runs.start']({
    ...{ modelIds: [model?.id ?? 0], methods: ['sa', 'gi'], dataset: 'mnist-3-digits-maj', split: 'test' },
    ...{ fold: 1, count: 40 * (runs + 1), seed: 0, target: 'label' },
  })
  return jobId
}

async function startImport(engine: Engine): Promise<number> {
  const number = (await engine.handlers['imports.list']({})).length
  const path = writeArrays(workspace, number)
  const name = `arrays ${number}`
  const { jobId } = await engine.handlers['imports.start']({
    ...{ path, format: 'arrays', options: { name, model: name }, createdBy: 'Ada' },
  })
  return jobId
}

/** A pipe takes a line at once: what is told is told, whatever happens next. */
function tell(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
