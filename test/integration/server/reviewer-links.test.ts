import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CallInput } from '../../../src/shared/contract/contract.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { realServer } from './real-server.ts'

const folder = temporaryFolder()
const { owner, invite, clientWith, restart, server } = await realServer(folder)
const ada = await invite('Ada')
const lena = await invite('Lena', 'lead')

describe('a link', () => {
  test('becomes a cookie that goes on without the token in the address', async () => {
    const opened = await fetch(`${server().origin}/open?token=${ada.token}&next=/review`)
    expect(opened.headers.get('refresh')).toBe('0;url=/review')
    const [cookie = ''] = (opened.headers.get('set-cookie') ?? '').split(';')
    const page = await fetch(`${server().origin}/rpc/workspace.summary`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await page.json()).toMatchObject({ value: { reviewer: 'Ada' } })
  })

  test('is nowhere in the workspace’s files, and still works after a restart', async () => {
    await restart()
    const files = readdirSync(folder).filter((name) => name.startsWith('shared.heatproof'))
    for (const name of files) {
      const bytes = readFileSync(join(folder, name))
      expect(bytes.includes(ada.token)).toBe(false)
      expect(bytes.includes(Buffer.from(ada.token, 'base64url'))).toBe(false)
    }
    expect(await ada.call('workspace.summary', {})).toMatchObject({ reviewer: 'Ada' })
    expect(JSON.stringify(await owner.call('reviewers.list', {}))).not.toContain(ada.token)
  })

  test('is given to a name once, whatever its spelling', async () => {
    for (const name of ['Ada', 'ADA', ' ada ']) {
      expect(await owner.send('reviewers.add', { name })).toMatchObject({ status: 409 })
    }
  })

  test('says when its reviewer was there last', async () => {
    const last = async () =>
      (await owner.call('reviewers.list', {})).find(({ id }) => id === ada.id)?.lastSeenAt
    expect(await last()).toBeNull()
    const stream = ada.events()
    await once(stream, 'open')
    expect(await last()).toEqual(expect.stringMatching(/^20/))
    stream.close()
  })
})

describe('taking a link back', () => {
  test('ends it at once, open event streams with it, and no other; verdicts stay', async () => {
    const carl = await invite('Carl')
    await carl.call('review.decide', { reviewer: 'Carl', mapIds: [6], verdict: 'unsure' })
    const [stream, other] = [carl.events(), lena.events()]
    await Promise.all([once(stream, 'open'), once(other, 'open')])
    const closed = once(stream, 'close')
    const told = once(other, 'message')
    await owner.call('reviewers.remove', { id: carl.id })
    expect((await closed)[0]).toMatchObject({ code: 1008 })
    expect(JSON.parse(((await told)[0] as { data: string }).data)).toMatchObject({
      what: ['reviewers', 'workspace'],
    })
    expect(other.readyState).toBe(WebSocket.OPEN)
    other.close()
    expect((await carl.send('workspace.summary', {})).status).toBe(403)
    expect((await carl.get(`/open?token=${carl.token}`)).status).toBe(403)
    const { history } = await owner.call('review.item', { mapId: 6 })
    expect(history).toMatchObject([{ reviewer: 'Carl', verdict: 'unsure' }])
  })

  test('for a new one leaves the old one worth nothing', async () => {
    const dora = await invite('Dora')
    const stream = dora.events()
    await once(stream, 'open')
    const closed = once(stream, 'close')
    const { token } = await owner.call('reviewers.renew', { id: dora.id })
    expect((await closed)[0]).toMatchObject({ code: 1008 })
    expect((await dora.send('jobs.list', {})).status).toBe(403)
    expect((await clientWith(token).call('workspace.summary', {})).reviewer).toBe('Dora')
  })

  test('another role counts at once, and leaves the stream open', async () => {
    const emil = await invite('Emil')
    const stream = emil.events()
    await once(stream, 'open')
    expect((await emil.send('exports.list', {})).status).toBe(403)
    const told = once(stream, 'message')
    await owner.call('reviewers.setRole', { id: emil.id, role: 'lead' })
    await told
    expect((await emil.send('exports.list', {})).status).toBe(200)
    await owner.call('reviewers.setRole', { id: emil.id, role: 'reviewer' })
    expect((await emil.send('exports.list', {})).status).toBe(403)
    expect(stream.readyState).toBe(WebSocket.OPEN)
    stream.close()
  })
})

describe('a decision that is sent again', () => {
  const input: CallInput<'review.decide'> = {
    reviewer: 'Ada',
    mapIds: [8, 9],
    verdict: 'accept',
    requestId: crypto.randomUUID(),
  }
  const historyOf = async (mapId: number) => (await owner.call('review.item', { mapId })).history

  test('is stored once and answered alike, however often and at whatever time', async () => {
    const first = await ada.call('review.decide', input)
    const again = await Promise.all([1, 2, 3].map(() => ada.call('review.decide', input)))
    expect(again).toEqual([first, first, first])
    expect(await historyOf(8)).toHaveLength(1)
    await ada.call('review.undo', { reviewer: 'Ada' })
    expect(await ada.call('review.decide', input)).toEqual(first)
    expect((await historyOf(9)).map(({ verdict }) => verdict)).toEqual(['accept', 'withdrawn'])
  })

  test('is another one under another id, and of another reviewer', async () => {
    await ada.call('review.decide', { ...input, requestId: crypto.randomUUID() })
    await lena.call('review.decide', { ...input, reviewer: 'Lena' })
    expect((await historyOf(8)).map(({ reviewer }) => reviewer)).toEqual(['Ada', 'Ada', 'Ada', 'Lena'])
  })
})

test('many at once lose no verdict and store none twice', async () => {
  const crowd = await Promise.all(
    ['Finn', 'Gaia', 'Hugo'].map((name) => invite(name).then((client) => ({ name, client }))),
  )
  const { id: queueId } = await owner.call('review.createQueue', { filter: {}, order: 'sequence', size: 0 })
  const counts = await owner.call('workspace.summary', {})
  const decisions = crowd.flatMap(({ name, client }) =>
    Array.from({ length: 20 }, (_, index) =>
      client.call('review.decide', {
        reviewer: name,
        mapIds: [index + 1],
        verdict: 'accept',
        queueId,
      }),
    ),
  )
  await Promise.all(decisions)
  const after = await owner.call('workspace.summary', {})
  expect(after.counts.verdicts - counts.counts.verdicts).toBe(60)
  for (const { name, client } of crowd) {
    const items = await client.call('review.items', {
      reviewer: name,
      queueId,
      offset: 0,
      limit: 40,
    })
    expect(items.filter(({ verdict }) => verdict === 'accept')).toHaveLength(20)
  }
})
