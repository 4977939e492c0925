import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { temporaryFolder } from './support/temporary-folder.ts'

const ROOT = join(import.meta.dirname, '../..')
const folder = temporaryFolder()
const endings: (() => void)[] = []
afterEach(() => {
  for (const end of endings.splice(0)) end()
})

/** `npm run audit` with a registry that answers so to the question for weaknesses. */
async function audit(status: number, advisories: object = {}) {
  const registry = createServer((request, response) => {
    const asked = request.url?.endsWith('/security/advisories/bulk') === true
    response.writeHead(asked ? status : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(asked ? advisories : {}))
  }).listen(0, '127.0.0.1')
  endings.push(() => registry.close())
  await once(registry, 'listening')
  const address = registry.address()
  const port = typeof address === 'object' ? address?.port : 0
  const env = {
    ...process.env,
    npm_config_registry: `http://127.0.0.1:${port ?? 0}/`,
    npm_config_fetch_retries: '0',
    npm_config_cache: mkdtempSync(join(folder, 'cache-')),
  }
  const child = spawn(process.execPath, ['scripts/audit.ts'], { cwd: ROOT, env })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => (text += piece.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, text }
}

const weakness = (severity: string) => ({
  fastify: [
    {
      id: 1,
      url: 'https://example.org/1',
      title: 'a weakness',
      severity,
      vulnerable_versions: '>=1',
      cwe: [],
      cvss: {},
    },
  ],
})

test('a grave weakness in a package that users get fails, by its name', async () => {
  expect(packageJson.dependencies).toHaveProperty('fastify')
  const { code, text } = await audit(200, weakness('high'))
  expect(text).toContain('fastify')
  expect(code).toBe(1)
})

test('a small one is counted', async () => {
  const { code, text } = await audit(200, weakness('low'))
  expect(text).toContain('"low":1')
  expect(code).toBe(0)
})

test('a registry that refuses to answer is named as that, with its answer', async () => {
  const { code, text } = await audit(405)
  expect(text).toContain(
    'Nothing was checked: the registry could not be asked for known weaknesses (it answered 405).',
  )
  expect(code).toBe(0)
})
