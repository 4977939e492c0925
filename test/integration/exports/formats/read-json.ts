import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { z } from 'zod'

const Row = z.record(z.string(), z.unknown())
export type Row = z.infer<typeof Row>

/** A JSON object of an export. */
export function readObject(folder: string, path: string): Row {
  return Row.parse(JSON.parse(readFileSync(join(folder, path), 'utf8')))
}

/** A list of objects. */
export function rowsOf(value: unknown): Row[] {
  return z.array(Row).parse(value)
}

/** Width and height of a picture of an export. */
export function pictureSize(folder: string, path: unknown): [number, number] {
  const { width, height } = PNG.sync.read(readFileSync(join(folder, String(path))))
  return [width, height]
}
