import fastify from 'fastify'
import { expect, test } from 'vitest'
import { guard } from '../../../src/hosts/server/security/guard.ts'
import type { Standing } from '../../../src/shared/contract/reviewers.ts'

test.each([
  ['reviewer', '/unthought-of', 500],
  ['lead', '/unthought-of', 500],
  ['owner', '/unthought-of', 200],
  ['reviewer', '/for-leads', 500],
  ['lead', '/for-leads', 200],
] as const)(
  'as %s, %s answers with %d: a route that does not say who may use it is the owner’s',
  async (standing: Standing, url, status) => {
    const app = fastify()
    guard(
      app,
      () => Promise.resolve({ standing, name: 'Ada' }),
      () => 80,
    )
    app.get('/unthought-of', () => 'secret')
    app.get('/for-leads', { config: { may: 'lead' } }, () => 'secret')
    const answer = await app.inject({ url, headers: { host: '127.0.0.1:80' } })
    expect(answer.statusCode).toBe(status)
    expect(answer.body.includes('secret')).toBe(status === 200)
    if (status !== 200)
      expect(answer.json()).toMatchObject({ message: expect.stringContaining('a request by') as string })
  },
)
