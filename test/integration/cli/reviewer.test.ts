import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CLI, heatproof } from './heatproof.ts'

const folder = temporaryFolder()
const workspace = join(folder, 'shared.heatproof')
const reviewer = (...args: string[]) => heatproof('reviewer', ...args, '--workspace', workspace)
expect(heatproof('init', workspace).status).toBe(0)

interface Linked {
  name: string
  role: string
  link: string
}

function add(...args: string[]): Linked {
  const { status, stdout } = reviewer('add', ...args, '--json')
  expect(status).toBe(0)
  return JSON.parse(stdout) as Linked
}

interface Opened {
  status: number
  /** What another process is told meanwhile. */
  inUse: ReturnType<typeof heatproof>
  /** All that the server printed. */
  printed: string
}

/** Opens a link, with the workspace served for this one time. */
async function openLink(link: string): Promise<Opened> {
  const served = spawn(process.execPath, [CLI, 'serve', '--workspace', workspace, '--workers', '1'])
  let printed = ''
  for (const stream of [served.stdout, served.stderr]) stream.on('data', (text) => (printed += String(text)))
  try {
    const [address] = (await once(createInterface({ input: served.stdout }), 'line')) as [string]
    const { pathname, search } = new URL(link)
    const { status } = await fetch(new URL(address).origin + pathname + search)
    return { status, inUse: reviewer('add', 'Late', '--json'), printed }
  } finally {
    const ended = once(served, 'exit')
    served.kill('SIGTERM')
    await ended
  }
}

describe('heatproof reviewer', () => {
  test('prints a link once, which the served workspace takes, and keeps no token', async () => {
    const { name, role, link } = add('Ada', '--port', '9000')
    expect({ name, role }).toEqual({ name: 'Ada', role: 'reviewer' })
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:9000\/open\?token=[\w-]{43}$/)
    const token = new URL(link).searchParams.get('token') ?? ''
    expect(readFileSync(workspace).includes(token)).toBe(false)
    expect(reviewer('list').stdout).not.toContain(token)
    const { status, inUse, printed } = await openLink(link)
    expect(status).toBe(200)
    expect(printed).not.toContain(token)
    expect(inUse.status).toBe(1)
    expect(JSON.parse(inUse.stderr)).toMatchObject({
      error: { code: 'workspace_in_use', advice: expect.stringContaining('Settings, Reviewers') as string },
    })
  })

  test('lists names and roles, renews and removes; a link that was taken back is refused', async () => {
    const { link } = add('Bob', '--role', 'lead')
    const listed = reviewer('list', '--json')
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { name: 'Ada', role: 'reviewer' },
      { name: 'Bob', role: 'lead' },
    ])
    expect(reviewer('list').stdout).toMatch(/^Bob +lead +never$/m)
    const renewed = JSON.parse(reviewer('renew', 'Bob', '--json').stdout) as Linked
    expect(renewed.link).not.toBe(link)
    expect((await openLink(link)).status).toBe(403)
    const removed = reviewer('remove', 'Bob')
    expect(removed.stdout).toContain('Their verdicts stay.')
    expect((await openLink(renewed.link)).status).toBe(403)
  })

  test.each([
    [['add', 'ADA'], 2, "the name 'Ada', which has a link already"],
    [['remove', 'Zoe'], 2, "no reviewer 'Zoe' with a link"],
    [['add'], 2, 'add without a name'],
    [['list', 'Ada'], 2, "list with the name 'Ada'"],
    [['add', 'Zoe', '--role', 'owner'], 2, '--role owner'],
    [['give', 'Zoe'], 2, "'give' after the command"],
  ])('refuses %j', (args, code, found) => {
    const { status, stderr, stdout } = reviewer(...args)
    expect({ status, stdout }).toEqual({ status: code, stdout: '' })
    expect(stderr).toContain(found)
  })
})
