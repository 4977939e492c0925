import * as tf from '@tensorflow/tfjs-core'
import { addAll } from '../models/tape.ts'
import type { GraphNode } from './description.ts'

type SliceNode = Extract<GraphNode, { operation: 'slice' }>

/** A part of a value: `count` entries of an axis from `start` on. */
interface Piece {
  readonly axis: number
  readonly start: number
  readonly count: number
  readonly signal: tf.Tensor
}

/**
 * What has arrived at values on the way back. Slices keep theirs until the value is asked for, and are put side by side then:
 * were each of them padded to the whole value, the steps of a sequence would take the square of their number.
 */
export class Arrivals {
  readonly #wholes = new Map<string, tf.Tensor>()
  readonly #pieces = new Map<string, Piece[]>()

  /** Takes the tensor over. */
  add(name: string, signal: tf.Tensor): void {
    const earlier = this.#wholes.get(name)
    this.#wholes.set(name, earlier === undefined ? signal : tf.add(earlier, signal))
    if (earlier !== undefined) tf.dispose([earlier, signal])
  }

  /** What belongs to the part of a value that a slice with stride 1 takes. Takes the tensor over. */
  addPiece({ input, axis, start, count }: SliceNode, signal: tf.Tensor): void {
    const pieces = this.#pieces.get(input) ?? []
    pieces.push({ axis, start, count, signal })
    this.#pieces.set(input, pieces)
  }

  /**
   * All that arrived at a value, which it forgets; undefined where nothing did.
   *
   * @param shape of the value, [N, ...shape]
   */
  take(name: string, shape: readonly number[]): tf.Tensor | undefined {
    const whole = this.#wholes.get(name)
    const pieces = this.#pieces.get(name) ?? []
    this.#wholes.delete(name)
    this.#pieces.delete(name)
    if (pieces.length === 0) return whole
    const all = tf.tidy(() => tf.clone(addAll([...(whole ? [whole] : []), ...sumsOfPieces(pieces, shape)])))
    tf.dispose([...(whole ? [whole] : []), ...pieces.map(({ signal }) => signal)])
    return all
  }
}

/** Values whose sum is that of the pieces; those that do not overlap share one. */
function sumsOfPieces(pieces: readonly Piece[], shape: readonly number[]): tf.Tensor[] {
  const byAxis = Map.groupBy(pieces, ({ axis }) => axis)
  return [...byAxis.values()].flatMap((own) =>
    rowsOf(own.toSorted((a, b) => a.start - b.start)).map((row) => sideBySide(row, shape)),
  )
}

/** Puts every piece, in the order of their starts, into the first row that ends before it. */
function rowsOf(pieces: readonly Piece[]): Piece[][] {
  const rows: Piece[][] = []
  for (const piece of pieces) {
    const row = rows.find((earlier) => endOf(earlier.at(-1)) <= piece.start)
    if (row === undefined) rows.push([piece])
    else row.push(piece)
  }
  return rows
}

function endOf(piece: Piece | undefined): number {
  return piece === undefined ? 0 : piece.start + piece.count
}

/** A whole value of pieces one after the other, with zeros between them. */
function sideBySide(pieces: readonly Piece[], shape: readonly number[]): tf.Tensor {
  const along = (pieces[0]?.axis ?? 0) + 1
  const gap = (from: number, to: number) => (to > from ? [tf.zeros(shape.with(along, to - from))] : [])
  const parts = pieces.flatMap((piece, index) => [
    ...gap(endOf(pieces[index - 1]), piece.start),
    piece.signal,
  ])
  return tf.concat([...parts, ...gap(endOf(pieces.at(-1)), shape[along] ?? 0)], along)
}
