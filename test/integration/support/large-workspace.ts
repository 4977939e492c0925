/**
 * Makes a workspace of many maps for benches and browser tests:
 * `node test/integration/support/large-workspace.ts FILE [MAPS]`, 100,000 by default. Refuses a file that exists.
 */
import { existsSync } from 'node:fs'
import { argv } from 'node:process'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'

const MAPS_A_SAMPLE = 8

const [, , path, maps = '100000'] = argv
if (path === undefined || existsSync(path)) throw new Error('give the name of a new file')
const workspace = openWorkspace(path, { create: true })
const started = performance.now()
fillWorkspace(workspace, { samples: Math.ceil(Number(maps) / MAPS_A_SAMPLE), pixelScores: false })
workspace.close()
console.log(`${path}: ${maps} maps in ${((performance.now() - started) / 1000).toFixed(1)} s`)
