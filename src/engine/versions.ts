import { readFileSync } from 'node:fs'
import { version_core } from '@tensorflow/tfjs-core'
import { z } from 'zod'

const Package = z.object({ version: z.string() })

/** The program's version. */
export const PROGRAM_VERSION = Package.parse(
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
).version

/** Names and versions of what computes, stored with every run and export. */
export function computeVersions(): Record<string, string> {
  return {
    heatproof: PROGRAM_VERSION,
    node: process.versions.node,
    tfjs: version_core,
    platform: `${process.platform}-${process.arch}`,
  }
}
