import { version_core } from '@tensorflow/tfjs-core'
import { PROGRAM_VERSION } from './program-version.ts'

/** Names and versions of what computes, stored with every run and export. */
export function computeVersions(): Record<string, string> {
  return {
    heatproof: PROGRAM_VERSION,
    node: process.versions.node,
    tfjs: version_core,
    platform: `${process.platform}-${process.arch}`,
  }
}
