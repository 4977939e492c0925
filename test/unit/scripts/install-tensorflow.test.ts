import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Context } from '../../../scripts/tensorflow/context.mjs'
import { BINDING, bindingFile, LIBRARIES } from '../../../scripts/tensorflow/context.mjs'
import { installTensorflow } from '../../../scripts/tensorflow/install.mjs'
import type { Program } from './fake-context.ts'
import { compiler, fakeMachine, fillCacheWith, installBinding, node, python } from './fake-context.ts'

const COMPILED = 'a compiled binding'
const WORKING = { node: node(COMPILED), python3: python(), 'g++': compiler, strip: () => '' }

/** The machine with every program but one. */
function without(missing: string): Record<string, Program> {
  return Object.fromEntries(Object.entries(WORKING).filter(([name]) => name !== missing))
}

function failing(message: string, when: (parameters: string[]) => boolean, otherwise: Program): Program {
  return (parameters, folder) => {
    if (when(parameters)) throw new Error(message)
    return otherwise(parameters, folder)
  }
}

function cacheEntries({ cacheFolder }: Context): string[] {
  return existsSync(dirname(cacheFolder)) ? readdirSync(dirname(cacheFolder)) : []
}

describe('where native TensorFlow cannot be installed, the reason is said and nothing is left', () => {
  const isDownload = (parameters: string[]) => parameters.includes('download')
  const isExtraction = (parameters: string[]) => parameters[0]?.endsWith('extract_wheel.py') ?? false
  const isCompile = (parameters: string[]) => parameters.includes('-shared')

  const cases: {
    name: string
    programs?: Record<string, Program>
    changes?: Partial<Context>
    prepare?: (context: Context) => void
    reason: RegExp
    downloads: number
  }[] = [
    {
      name: 'the package was left out',
      prepare: ({ packageFolder }) => rmSync(packageFolder, { recursive: true }),
      reason: /^npm left out the optional package @tensorflow\/tfjs-node/,
      downloads: 0,
    },
    { name: 'no Python', programs: without('python3'), reason: /python3 not found/, downloads: 0 },
    {
      name: 'no pip',
      programs: { ...WORKING, python3: failing('No module named pip', () => true, python()) },
      reason: /No module named pip/,
      downloads: 0,
    },
    { name: 'no compiler', programs: without('g++'), reason: /g\+\+ not found/, downloads: 0 },
    {
      name: 'a Mac',
      changes: { platform: 'darwin-arm64' },
      reason: /only for linux-x64, this is darwin-arm64/,
      downloads: 0,
    },
    { name: 'another C library', changes: { glibc: false }, reason: /glibc/, downloads: 0 },
    {
      name: 'no Node-API headers',
      prepare: ({ headersFolder }) => rmSync(headersFolder, { recursive: true }),
      reason: /node-api-headers not found/,
      downloads: 0,
    },
    {
      name: 'a full disk, seen before the download',
      changes: { freeBytes: () => 2e8 },
      reason: /needs 1\.3 GB in .*, 0\.2 GB is free/,
      downloads: 0,
    },
    {
      name: 'no network',
      programs: { ...WORKING, python3: failing('No matching distribution found', isDownload, python()) },
      reason: /No matching distribution found/,
      downloads: 1,
    },
    {
      name: 'another wheel than expected',
      programs: { ...WORKING, python3: python('something else') },
      reason: /has SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/,
      downloads: 1,
    },
    {
      name: 'a disk that fills up while the wheel is unpacked',
      programs: { ...WORKING, python3: failing('No space left on device', isExtraction, python()) },
      reason: /No space left on device/,
      downloads: 1,
    },
    {
      name: 'a compiler error',
      programs: { ...WORKING, 'g++': failing('fatal error: no such file', isCompile, compiler) },
      reason: /fatal error/,
      downloads: 1,
    },
  ]

  test.each(cases)('$name', async ({ programs = WORKING, changes = {}, prepare, reason, downloads }) => {
    const { context, runs } = fakeMachine(programs, changes)
    prepare?.(context)
    const result = await installTensorflow(context)
    expect(result).toMatchObject({ outcome: 'unavailable', route: null })
    expect(result.reason).toMatch(reason)
    expect(result.reason).not.toContain('\n')
    expect(runs.filter((run) => run.includes('pip download'))).toHaveLength(downloads)
    expect(cacheEntries(context)).toEqual([])
    expect(existsSync(bindingFile(context))).toBe(false)
  })

  test('the reasons of every route tried are there', async () => {
    const { context } = fakeMachine(without('python3'))
    const { reason } = await installTensorflow(context)
    expect(reason).toBe(
      "official download: no connection to 127.0.0.1 (ECONNREFUSED); Python's wheel: python3 not found",
    )
  })

  test('a cache folder that cannot be made', async () => {
    const { context } = fakeMachine(WORKING)
    const inAFile = join(context.packageFolder, 'package.json', 'cache', 'versions')
    const result = await installTensorflow({ ...context, cacheFolder: inAFile })
    expect(result.outcome).toBe('unavailable')
    expect(result.reason).toMatch(/ENOTDIR/)
  })

  test('a binding that was built but does not work is set aside', async () => {
    const { context } = fakeMachine({ ...WORKING, node: node() })
    const result = await installTensorflow(context)
    expect(result.reason).toMatch(/the binding does not work \(undefined symbol: TF_NewStatus\)/)
    expect(existsSync(bindingFile(context))).toBe(false)
    expect(existsSync(`${bindingFile(context)}.unusable`)).toBe(true)
  })
})

describe('the routes', () => {
  test('turned off: nothing is run', async () => {
    const { context, runs } = fakeMachine(WORKING, { env: { HEATPROOF_SKIP_TENSORFLOW: '1' } })
    expect(await installTensorflow(context)).toEqual({
      outcome: 'off',
      route: null,
      reason: 'turned off by HEATPROOF_SKIP_TENSORFLOW=1',
    })
    expect(runs).toEqual([])
  })

  test('a working binding stays as it is', async () => {
    const { context, runs } = fakeMachine({ node: node('mine') })
    installBinding(context, 'mine')
    expect(await installTensorflow(context)).toEqual({
      outcome: 'ready',
      route: 'present',
      reason: 'TensorFlow 2.15.1 already there',
    })
    expect(runs).toHaveLength(1)
  })

  test('a binding that does not work is replaced', async () => {
    const { context } = fakeMachine(WORKING)
    installBinding(context, 'broken')
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
    expect(readFileSync(bindingFile(context), 'utf8')).toBe(COMPILED)
    expect(readFileSync(`${bindingFile(context)}.unusable`, 'utf8')).toBe('broken')
  })

  test('the wheel: libraries and binding come into the package and into the cache', async () => {
    const { context, runs } = fakeMachine(WORKING)
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
    for (const name of LIBRARIES) {
      expect(readFileSync(join(context.packageFolder, 'deps', 'lib', name), 'utf8')).toBe(name)
    }
    expect(readFileSync(bindingFile(context), 'utf8')).toBe(COMPILED)
    expect(cacheEntries(context)).toEqual(['versions'])
    expect(readdirSync(context.cacheFolder).sort()).toEqual([...LIBRARIES, BINDING].sort())
    const download = runs.find((run) => run.includes('pip download'))
    expect(download).toContain(
      '--no-deps --only-binary=:all: --python-version 3.11 --implementation cp --abi cp311',
    )
    expect(download?.endsWith('tensorflow-cpu==2.15.1')).toBe(true)
  })

  test('without `strip` the libraries stay large', async () => {
    const { context } = fakeMachine(without('strip'))
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
  })

  test('the second installation takes everything from the cache and needs no program but Node', async () => {
    const { context, runs } = fakeMachine({ node: node('cached') })
    fillCacheWith(context, 'cached')
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'cache' })
    expect(readFileSync(bindingFile(context), 'utf8')).toBe('cached')
    expect(runs).toHaveLength(1)
    const [library = ''] = LIBRARIES
    const placed = statSync(join(context.packageFolder, 'deps', 'lib', library))
    expect(placed.ino).toBe(statSync(join(context.cacheFolder, library)).ino)
  })
})

describe('a cache that is not whole', () => {
  test('lacks a library: not used, and made again', async () => {
    const { context } = fakeMachine({ ...WORKING, node: node('half', COMPILED) })
    fillCacheWith(context, 'half', LIBRARIES.slice(0, 1))
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
    expect(readFileSync(join(context.cacheFolder, BINDING), 'utf8')).toBe(COMPILED)
  })

  test('does not work: removed, and made again', async () => {
    const { context } = fakeMachine(WORKING)
    fillCacheWith(context, 'broken')
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
    expect(readFileSync(join(context.cacheFolder, BINDING), 'utf8')).toBe(COMPILED)
  })

  test('a whole cache stays when its content cannot be put into the package', async () => {
    const { context } = fakeMachine({ node: node('cached') })
    fillCacheWith(context, 'cached')
    writeFileSync(join(context.packageFolder, 'deps'), 'a file where a folder should be')
    const { outcome, reason } = await installTensorflow(context)
    expect(outcome).toBe('unavailable')
    expect(reason).toMatch(/^cache: (EEXIST|ENOTDIR)/)
    expect(readFileSync(join(context.cacheFolder, BINDING), 'utf8')).toBe('cached')
  })

  test('an interrupted installation is never used and removed after an hour; one under way stays', async () => {
    const { context } = fakeMachine({ ...WORKING, node: node('half', COMPILED) })
    const [abandoned, underWay] = ['1', '2'].map((process) => `${context.cacheFolder}.unfinished-${process}`)
    if (abandoned === undefined || underWay === undefined) throw new Error('two folders expected')
    for (const cacheFolder of [abandoned, underWay]) {
      mkdirSync(cacheFolder, { recursive: true })
      fillCacheWith({ ...context, cacheFolder: join(cacheFolder, 'result') }, 'half')
    }
    const twoHoursAgo = Date.now() / 1000 - 7200
    utimesSync(abandoned, twoHoursAgo, twoHoursAgo)
    expect(await installTensorflow(context)).toMatchObject({ outcome: 'ready', route: 'wheel' })
    expect(readFileSync(bindingFile(context), 'utf8')).toBe(COMPILED)
    expect(cacheEntries(context).sort()).toEqual(['versions', 'versions.unfinished-2'])
  })

  test('another process that was faster: its result is used', async () => {
    const { context } = fakeMachine({ ...WORKING, node: node('theirs') })
    const run: Context['run'] = (command, parameters) => {
      if (parameters.includes('-shared')) fillCacheWith(context, 'theirs')
      return context.run(command, parameters)
    }
    expect(await installTensorflow({ ...context, run })).toMatchObject({ outcome: 'ready', route: 'wheel' })
    expect(readFileSync(join(context.cacheFolder, BINDING), 'utf8')).toBe('theirs')
  })
})
