import { z } from 'zod'

/** Arrays as SQLite blobs and back. Little endian, which is the byte order of every machine that Node 24 runs on. */
export function toBlob(array: Float32Array | Float64Array | Uint32Array | Uint8Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

/** A copy that is aligned and owns its memory. */
export function float32FromBlob(blob: Uint8Array): Float32Array {
  return new Float32Array(copyOf(blob))
}

export function float64FromBlob(blob: Uint8Array): Float64Array {
  return new Float64Array(copyOf(blob))
}

export function uint32FromBlob(blob: Uint8Array): Uint32Array {
  return new Uint32Array(copyOf(blob))
}

function copyOf(blob: Uint8Array): ArrayBuffer {
  return new Uint8Array(blob).buffer
}

/** Columns of a row. */
export const Blob = z.instanceof(Uint8Array)
export const Float32Blob = Blob.transform(float32FromBlob)
export const Uint32Blob = Blob.transform(uint32FromBlob)
export const Float64Blob = Blob.transform(float64FromBlob)
export const Flag = z.union([z.literal(0), z.literal(1)]).transform((flag) => flag === 1)

/** A column that holds JSON of the given shape. */
export function json<Value>(schema: z.ZodType<Value>): z.ZodType<Value> {
  return z.string().transform((text) => schema.parse(JSON.parse(text)))
}
