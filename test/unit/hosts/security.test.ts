import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOwnHost } from '../../../src/hosts/server/security/host-header.ts'
import { requireLoopback } from '../../../src/hosts/server/security/loopback.ts'
import { safeNextPath } from '../../../src/hosts/server/security/next-path.ts'
import { isOwnOrigin } from '../../../src/hosts/server/security/origin.ts'
import { createToken, hashToken, isTokenOf } from '../../../src/engine/token.ts'
import { readToken, tokenCookie } from '../../../src/hosts/server/security/token.ts'

const ORIGIN = 'http://127.0.0.1:4711'

describe('tokens', () => {
  test('only the very same text matches', () => {
    const token = createToken()
    const hash = hashToken(token)
    expect(isTokenOf(token, hash)).toBe(true)
    fc.assert(
      fc.property(fc.string(), (other) => {
        expect(isTokenOf(other, hash)).toBe(false)
        expect(isTokenOf(token + other, hash)).toBe(other === '')
      }),
    )
  })

  test('come back from the cookie that was set, whatever other cookies there are', () => {
    const token = createToken()
    const cookie = tokenCookie(token, 4711).split(';')[0] ?? ''
    for (const header of [cookie, `a=b; ${cookie}`, `${cookie};c=d`, `heatproof_47=x; ${cookie}`]) {
      expect(readToken({ cookie: header }, 4711)).toBe(token)
    }
    expect(readToken({ cookie }, 4712)).toBeUndefined()
    expect(readToken({}, 4711)).toBeUndefined()
  })

  test('the header wins over the cookie', () => {
    expect(readToken({ authorization: 'Bearer abc', cookie: 'heatproof_1=x' }, 1)).toBe('abc')
  })
})

test('no text leads a browser from the opening page to another origin or adds a header', () => {
  const pieces = fc.array(
    fc.constantFrom('/', '\\', '.', ':', '@', '?', '#', '%2f', '\n', '\t', ' ', ';', 'a.b', 'http'),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        pieces.map((texts) => texts.join('')),
      ),
      (next) => {
        const path = safeNextPath(next)
        expect(new URL(path, ORIGIN).origin).toBe(ORIGIN)
        expect(path).toMatch(/^\/[!-~]*$/)
      },
    ),
    { numRuns: 2000 },
  )
})

test('a screen with its state is a path to go on to', () => {
  for (const path of ['/', '/review?queue=3&id=5', '/compare?filter=%7B%22a%22%3A1%7D', '/figures']) {
    expect(safeNextPath(path)).toBe(path)
  }
})

test('no name but the loopback names with the port is the own host', () => {
  fc.assert(
    fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (domain, port) => {
      expect(isOwnHost(`${domain}:${port}`, port)).toBe(false)
      expect(isOwnHost(`127.0.0.1:${port}`, port)).toBe(true)
      expect(isOwnHost(`127.0.0.1:${port}`, port + 1)).toBe(false)
    }),
  )
  expect(isOwnHost(undefined, 80)).toBe(false)
})

test('an origin is its own when it is the asked host, or absent', () => {
  expect(isOwnOrigin(undefined, '127.0.0.1:4711')).toBe(true)
  expect(isOwnOrigin(ORIGIN, '127.0.0.1:4711')).toBe(true)
  expect(isOwnOrigin('null', '127.0.0.1:4711')).toBe(false)
  expect(isOwnOrigin('http://localhost:4711', '127.0.0.1:4711')).toBe(false)
})

test('only loopback addresses are listened on', () => {
  expect(() => requireLoopback('127.0.0.1')).not.toThrow()
  expect(() => requireLoopback('::1')).not.toThrow()
  expect(() => requireLoopback('0.0.0.0')).toThrow('ssh -L')
})
