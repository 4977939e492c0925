import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { GroupCommit } from '../../../src/engine/workspace/group-commit.ts'

function makeStore() {
  const database = new Sqlite(':memory:')
  database.exec('CREATE TABLE notes (note TEXT NOT NULL UNIQUE)')
  const insert = database.prepare('INSERT INTO notes VALUES (?)')
  const stored = () => database.prepare('SELECT note FROM notes ORDER BY rowid').pluck().all()
  const group = new GroupCommit(database)
  const write = (...notes: string[]) =>
    group.run(() => {
      for (const note of notes) insert.run(note)
      return notes.length
    })
  return { database, write, stored }
}

test('writes of one turn are kept in their order, and each is answered', async () => {
  const { write, stored } = makeStore()
  expect(await Promise.all([write('a'), write('b', 'c'), write('d')])).toEqual([1, 2, 1])
  expect(stored()).toEqual(['a', 'b', 'c', 'd'])
})

test('a write that fails leaves nothing and hinders no other', async () => {
  const { write, stored } = makeStore()
  const outcomes = await Promise.allSettled([write('a'), write('b', 'a'), write('c')])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(stored()).toEqual(['a', 'c'])
})

test('nothing is answered before it is committed', async () => {
  const { database, write } = makeStore()
  const seen: boolean[] = []
  const note = () => seen.push(database.inTransaction)
  await Promise.all([write('a').then(note), write('b').then(note)])
  expect(seen).toEqual([false, false])
})

test('where several together have no room, those that fit are stored alone', async () => {
  const { database, write, stored } = makeStore()
  database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 2}`)
  const outcomes = await Promise.allSettled([write('small'), write('x'.repeat(100_000)), write('also small')])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(outcomes[1]).toMatchObject({ reason: { code: 'cannot_write' } })
  expect(stored()).toEqual(['small', 'also small'])
})
