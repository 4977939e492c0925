/** An IDX file of unsigned bytes. */
export function idxBytes(shape: readonly number[], data: Uint8Array): Uint8Array {
  const file = new Uint8Array(4 + 4 * shape.length + data.length)
  file.set([0, 0, 8, shape.length])
  const view = new DataView(file.buffer)
  shape.forEach((size, dimension) => {
    view.setUint32(4 + 4 * dimension, size)
  })
  file.set(data, 4 + 4 * shape.length)
  return file
}
