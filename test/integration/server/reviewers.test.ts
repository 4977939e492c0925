import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ACCESS } from '../../../src/shared/contract/access.ts'
import type { CallInput, ProcedureName } from '../../../src/shared/contract/contract.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { realServer, type Client } from './real-server.ts'

const folder = temporaryFolder()
const { owner, invite } = await realServer(folder)

/** Inputs that an owner could send; the ids are those of the generated workspace. */
type Inputs = { [Name in ProcedureName]?: CallInput<Name> }

const FOR_LEADS: Inputs = {
  'workspace.setReviewer': { name: 'Eve' },
  'workspace.openSample': {},
  'reviewers.list': {},
  'reviewers.add': { name: 'Eve', role: 'lead' },
  'reviewers.setRole': { id: 1, role: 'lead' },
  'reviewers.renew': { id: 1 },
  'reviewers.remove': { id: 1 },
  'jobs.cancel': { id: 1 },
  'jobs.resume': { id: 1 },
  'runs.start': { modelIds: [1], methods: ['gi'], dataset: 'mnist-3-digits-maj', count: 1 },
  'runs.startOnSet': { modelIds: [1], methods: ['gi'], sampleSetId: 1, count: 1, target: 'label' },
  'runs.removal': { id: 1 },
  'runs.remove': { id: 1 },
  'runs.score': {},
  'sets.removal': { id: 1 },
  'sets.remove': { id: 1 },
  'models.addShipped': { names: ['deep'] },
  'models.train': { architecture: 'deep', dataset: 'mnist-3-digits-maj' },
  'models.import': { fileName: 'a.safetensors', base64: 'AAAA' },
  'models.inspect': { fileName: 'a.onnx', base64: 'AAAA' },
  'calibration.save': { createdBy: 'Ada' },
  'calibration.activate': { id: null, by: 'Ada' },
  'calibration.undo': { by: 'Ada' },
  'exports.preview': { filter: {} },
  'exports.start': { filter: {}, include: 'any', folder, name: 'taken', createdBy: 'Ada' },
  'exports.list': {},
  'exports.verify': { id: 1 },
  'imports.candidates': {},
  'imports.inspect': { path: folder },
  'imports.list': {},
  'imports.start': { path: folder, createdBy: 'Ada' },
  'sanity.start': { modelId: 1, methods: ['sa'], dataset: 'mnist-3-digits-maj' },
}

/** Inputs that name somebody else than Ada. */
const AS_BOB: Inputs = {
  'review.createQueue': { filter: {}, order: 'random', reviewer: 'Bob' },
  'review.place': { reviewer: 'Bob' },
  'review.setPlace': { reviewer: 'Bob', queueId: 1, position: 1 },
  'review.items': { reviewer: 'Bob', queueId: 1, offset: 0, limit: 5 },
  'review.item': { mapId: 1, asked: { queueId: 1, reviewer: 'Bob' } },
  'review.details': { mapIds: [1], asked: { queueId: 1, reviewer: 'Bob' } },
  'review.tests': { reviewer: 'Bob', queueId: 1 },
  'review.decide': { reviewer: 'Bob', mapIds: [1], verdict: 'accept' },
  'review.decideQueue': { reviewer: 'Bob', queueId: 1, length: 1, ranges: [[0, 0]], verdict: 'accept' },
  'review.decided': { reviewer: 'Bob', queueId: 1 },
  'review.undo': { reviewer: 'Bob' },
  'review.redo': { reviewer: 'Bob' },
  'groups.form': { queueId: 1, reviewer: 'Bob' },
  'groups.items': { queueId: 1, reviewer: 'Bob', index: 0, limit: 12 },
  'groups.decide': { queueId: 1, reviewer: 'Bob', index: 0, maps: 1, verdict: 'accept', lookedAt: [1] },
  'compare.sequence': { reviewer: 'Bob', sampleId: null, metric: 'cosine' },
}

const LEADS_AS_BOB: Inputs = {
  'calibration.save': { createdBy: 'Bob' },
  'calibration.activate': { id: null, by: 'Bob' },
  'calibration.undo': { by: 'Bob' },
  'exports.start': { filter: {}, include: 'any', folder, name: 'taken', createdBy: 'Bob' },
  'imports.inspect': { path: folder, createdBy: 'Bob' },
  'imports.start': { path: folder, createdBy: 'Bob' },
}

const ada = await invite('Ada')
const lena = await invite('Lena', 'lead')
const queue = await owner.call('review.createQueue', { filter: {}, order: 'sequence', size: 0 })

const entries = (inputs: Inputs) => Object.entries(inputs) as [ProcedureName, never][]
const namesWhere = (fits: (name: ProcedureName) => boolean) =>
  (Object.keys(ACCESS) as ProcedureName[]).filter(fits).sort()

/** All that a forged call could have changed. */
async function everything(): Promise<unknown> {
  const item = await owner.call('review.item', { mapId: 1 })
  return {
    summary: await owner.call('workspace.summary', {}),
    reviewers: await owner.call('reviewers.list', {}),
    jobs: await owner.call('jobs.list', {}),
    calibrations: await owner.call('calibration.list', {}),
    places: await owner.call('review.place', { reviewer: 'Bob' }),
    history: item.history,
    files: readdirSync(folder).filter((name) => !name.startsWith('shared.heatproof')),
  }
}

describe('a reviewer’s token', () => {
  test('opens nothing that only a lead may do, and changes nothing by trying', async () => {
    expect(Object.keys(FOR_LEADS).sort()).toEqual(namesWhere((name) => ACCESS[name].may !== 'reviewer'))
    const before = await everything()
    for (const [name, input] of entries(FOR_LEADS)) {
      const reply = await ada.send(name, input)
      expect([name, reply.status]).toEqual([name, 403])
      expect(reply).toMatchObject({
        error: { code: 'forbidden', found: 'a request by Ada, who is a reviewer here' },
      })
    }
    expect(await everything()).toEqual(before)
  })

  test('is refused before a body is read, and told who can help', async () => {
    const reply = await ada.send('runs.start', 'no request' as never)
    expect(reply).toMatchObject({
      status: 403,
      error: {
        expected: 'a request by a lead',
        advice: expect.stringContaining('Settings, Reviewers') as string,
      },
    })
  })

  test('takes no model away, not even its headers', async () => {
    for (const method of ['GET', 'HEAD']) {
      expect((await ada.get('/models/1.safetensors', method)).status).toBe(403)
    }
    expect((await lena.get('/models/1.safetensors')).status).toBe(200)
    for (const path of ['/maps/1.f32', '/maps/1.png', '/samples/1.f32']) {
      expect((await ada.get(path)).status).toBe(200)
    }
  })

  test('acts in nobody else’s name', async () => {
    const named = namesWhere((name) => ACCESS[name].may === 'reviewer' && 'as' in ACCESS[name])
    expect(Object.keys(AS_BOB).sort()).toEqual(named)
    const before = await everything()
    for (const [name, input] of entries(AS_BOB)) {
      const reply = await ada.send(name, input)
      expect([name, reply.status]).toEqual([name, 403])
      expect(reply).toMatchObject({ error: { found: `${name} in the name of 'Bob'` } })
    }
    expect(await everything()).toEqual(before)
  })

  test('decides in its own name', async () => {
    const [row] = await ada.call('review.decide', { reviewer: 'Ada', mapIds: [5], verdict: 'accept' })
    expect(row).toMatchObject({ reviewer: 'Ada', verdict: 'accept' })
    const summary = await ada.call('workspace.summary', {})
    expect(summary).toMatchObject({ reviewer: 'Ada', standing: 'reviewer' })
  })
})

describe('a lead’s token', () => {
  test('does what a lead may, in its own name alone', async () => {
    const named = namesWhere((name) => ACCESS[name].may === 'lead' && 'as' in ACCESS[name])
    expect(Object.keys(LEADS_AS_BOB).sort()).toEqual(named)
    for (const [name, input] of entries(LEADS_AS_BOB)) {
      expect((await lena.send(name, input)).status).toBe(403)
    }
    expect((await lena.send('calibration.activate', { id: null, by: 'Lena' })).status).toBe(200)
    expect((await lena.send('reviewers.list', {})).status).toBe(200)
  })

  test('ends no link of its own, which would shut it out', async () => {
    for (const name of ['reviewers.renew', 'reviewers.remove'] as const) {
      const reply = await lena.send(name, { id: lena.id })
      expect(reply).toMatchObject({ status: 409, error: { found: 'a change of your own link' } })
    }
    expect((await lena.send('reviewers.setRole', { id: lena.id, role: 'reviewer' })).status).toBe(409)
    expect((await lena.send('reviewers.setRole', { id: ada.id, role: 'reviewer' })).status).toBe(200)
  })

  test('does not change under which name the owner decides', async () => {
    expect(await lena.send('workspace.setReviewer', { name: 'Lena' })).toMatchObject({
      status: 403,
      error: { expected: 'a request by the owner' },
    })
  })
})

describe('places in a queue', () => {
  test('are each reviewer’s own, and the latest queue is found again', async () => {
    await ada.call('review.setPlace', { reviewer: 'Ada', queueId: queue.id, position: 3 })
    await lena.call('review.setPlace', { reviewer: 'Lena', queueId: queue.id, position: 7 })
    const other = await ada.call('review.createQueue', { filter: {}, order: 'random', reviewer: 'Ada' })
    await ada.call('review.setPlace', { reviewer: 'Ada', queueId: other.id, position: 1 })
    const placeOf = (client: Client, reviewer: string, queueId: number | null) =>
      client.call('review.place', { reviewer, queueId })
    expect(await placeOf(ada, 'Ada', queue.id)).toEqual({ queueId: queue.id, position: 3 })
    expect(await placeOf(lena, 'Lena', queue.id)).toEqual({ queueId: queue.id, position: 7 })
    expect(await placeOf(ada, 'Ada', null)).toEqual({ queueId: other.id, position: 1 })
    expect(await placeOf(owner, 'Nobody', null)).toBeNull()
    const unknown = await ada.send('review.setPlace', { reviewer: 'Ada', queueId: 999, position: 0 })
    expect(unknown.status).toBe(404)
  })
})
