/**
 * A copy of part of `bytes` in a buffer of its own, which a typed array of any element size can view from its start.
 * (`Buffer.slice` copies nothing, and what files are read into is a Buffer.)
 */
export function copyOf(bytes: Uint8Array, begin: number, end: number): ArrayBuffer {
  return new Uint8Array(bytes.subarray(begin, end)).buffer
}
