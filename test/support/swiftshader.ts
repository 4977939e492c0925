import chromium from '@sparticuz/chromium'
import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What lies beside the unpacked Chromium, for x86-64 Linux. */
const LIBRARIES = ['libvulkan.so.1', 'libvk_swiftshader.so']
const DRIVER = 'vk_swiftshader_icd.json'

/**
 * Lets all tests compute on WebGPU, played by the SwiftShader that comes with Chromium's package. A process finds its
 * libraries only where the environment said so when it started: this runs before the test processes do.
 */
export default async function useSwiftShader(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return
  await chromium.executablePath()
  const folder = join(tmpdir(), 'heatproof-swiftshader')
  mkdirSync(folder, { recursive: true })
  for (const library of LIBRARIES) {
    // Renamed into its place: the tests of another run may have the library open, and would crash if it were overwritten.
    const copy = join(folder, `${library}.${process.pid}`)
    copyFileSync(join(tmpdir(), library), copy)
    renameSync(copy, join(folder, library))
  }
  const driver = {
    file_format_version: '1.0.0',
    ICD: { library_path: join(folder, 'libvk_swiftshader.so'), api_version: '1.1.0' },
  }
  const driverCopy = join(folder, `${DRIVER}.${process.pid}`)
  writeFileSync(driverCopy, JSON.stringify(driver))
  renameSync(driverCopy, join(folder, DRIVER))
  process.env['VK_ICD_FILENAMES'] = join(folder, DRIVER)
  process.env['LD_LIBRARY_PATH'] = [folder, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':')
}
