import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createCall } from '../../../src/renderer/lib/rpc.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof, type Running } from './running.ts'

const folder = temporaryFolder()

async function serveNew(name: string): Promise<Running & { address: URL }> {
  const workspace = join(folder, name)
  expect(await heatproof('init', workspace).ended()).toMatchObject({ code: 0 })
  const running = heatproof('serve', '--workspace', workspace)
  return { ...running, address: new URL((await running.nextLine()) ?? '') }
}

function callAt({ origin, searchParams }: URL): ReturnType<typeof createCall> {
  return createCall((path, init) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${searchParams.get('token') ?? ''}`)
    return fetch(origin + path, { ...init, headers })
  })
}

describe('heatproof serve', () => {
  test('prints one address, answers there, and ends in order on SIGTERM', async () => {
    const running = await serveNew('a.heatproof')
    expect(running.address.hostname).toBe('127.0.0.1')
    const summary = await callAt(running.address)('workspace.summary', {})
    expect(summary).toMatchObject({ name: 'a', folders: [expect.stringContaining(folder)] })
    running.process.kill('SIGTERM')
    expect(await running.ended()).toMatchObject({ code: 0, signal: null })
    expect(await running.nextLine()).toBeUndefined()
    expect(readdirSync(folder).filter((name) => name.startsWith('a.'))).toEqual(['a.heatproof'])
  })

  test('ends in order on Ctrl+C, too', async () => {
    const running = await serveNew('b.heatproof')
    running.process.kill('SIGINT')
    expect(await running.ended()).toMatchObject({ code: 0, signal: null })
  })

  test('refuses a workspace that another process has open, and that one goes on', async () => {
    const first = await serveNew('c.heatproof')
    const second = await heatproof('serve', '--workspace', join(folder, 'c.heatproof')).ended()
    expect(second.code).toBe(1)
    expect(second.error).toMatch(/^heatproof: Found .*; expected .*/)
    expect((await callAt(first.address)('jobs.list', {})).length).toBe(0)
  })

  test('refuses a port in use with one line and exit code 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? String(address.port) : ''
    const workspace = join(folder, 'd.heatproof')
    await heatproof('init', workspace).ended()
    const { code, error } = await heatproof('serve', '--workspace', workspace, '--port', port).ended()
    other.close()
    expect(code).toBe(1)
    expect(error).toContain(`port ${port} in use by another program`)
  })

  test.each([
    ['no workspace', [], 2],
    ['a missing one', ['--workspace', join(folder, 'missing.heatproof')], 2],
    ['a file that is none', ['--workspace', join(folder, 'text')], 2],
    ['another host', ['--workspace', join(folder, 'a.heatproof'), '--host', '0.0.0.0'], 2],
    ['a wrong port', ['--workspace', join(folder, 'a.heatproof'), '--port', '70000'], 2],
    ['a missing folder', ['--workspace', join(folder, 'a.heatproof'), '--folder', join(folder, 'none')], 2],
    ['an unknown backend', ['--workspace', join(folder, 'a.heatproof'), '--backend', 'abacus'], 2],
  ])('refuses %s', async (_name, args, expected) => {
    writeFileSync(join(folder, 'text'), 'no workspace\n'.repeat(100))
    const { code, error } = await heatproof('serve', ...args).ended()
    expect(error).not.toBe('')
    expect(error).not.toContain('    at ')
    expect(code).toBe(expected)
    expect(existsSync(join(folder, 'missing.heatproof'))).toBe(false)
  })
})

describe('the log of heatproof serve', () => {
  test('holds answers by their routes and refusals, and no token', async () => {
    const logs = join(folder, 'logs')
    const workspace = join(folder, 'logged.heatproof')
    const log = ['--log-level', 'debug', '--log-folder', logs]
    const running = heatproof('serve', '--workspace', workspace, '--sample', ...log)
    const address = new URL((await running.nextLine()) ?? '')
    const token = address.searchParams.get('token') ?? ''
    await fetch(address)
    await fetch(`${address.origin}/open?token=guessed-${token.slice(0, 9)}`)
    running.process.kill('SIGTERM')
    await running.ended()
    const text = readdirSync(logs)
      .map((file) => readFileSync(join(logs, file), 'utf8'))
      .join('')
    expect(text).not.toContain(token.slice(0, 9))
    const events = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object)
    expect(events).toMatchObject([
      { level: 'info', msg: 'serving' },
      { level: 'debug', msg: 'request answered', route: '/open', status: 200 },
      { level: 'warn', msg: 'request refused', route: '/open', status: 403 },
      { level: 'info', msg: 'stopped' },
    ])
  })
})

describe('heatproof doctor', () => {
  test('reports as a list, and as JSON, and exits with 0', async () => {
    const running = heatproof('doctor', '--json')
    const lines: string[] = []
    for (let line = await running.nextLine(); line !== undefined; line = await running.nextLine())
      lines.push(line)
    expect((await running.ended()).code).toBe(0)
    const findings = JSON.parse(lines.join('\n')) as { name: string; ok: boolean; found: string }[]
    const byName = new Map(findings.map((finding) => [finding.name, finding]))
    expect(byName.get('Node')?.found).toContain(process.version)
    expect(byName.get('backend wasm')?.ok).toBe(true)
    expect(byName.get('better-sqlite3')?.found).toMatch(/SQLite 3\./)
    expect(byName.get('MNIST')?.ok).toBe(true)
    expect(byName.get('Heatproof')?.found).toMatch(/^\d+\.\d+\.\d+, workspaces of version \d+$/)
    expect(byName.get('data folder')?.found).toMatch(/^(~|\/)/)
    for (const { found } of findings) {
      expect(found).not.toBe('')
      expect(found).not.toContain(`${homedir()}/`)
    }
  })
})
