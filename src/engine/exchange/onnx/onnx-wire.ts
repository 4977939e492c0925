import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

/** What to do with a field of a message, by its number; fields without an entry are skipped. */
export type Fields = Readonly<Record<number, (field: Field) => void>>

/** One field of a message; each method reads its value, and throws where the file has another type there. */
export interface Field {
  /** A varint, exact up to 2^53. */
  readonly whole: () => number
  readonly text: () => string
  /** A nested message, or bytes: a view of the file. */
  readonly bytes: () => Uint8Array
  /** All values of a repeated varint, packed or one by one. */
  readonly wholes: () => number[]
  /** All values of a repeated float, packed or one by one. */
  readonly floats: () => number[]
  /** All values of a repeated double, packed or one by one. */
  readonly doubles: () => number[]
}

/**
 * Reads a protobuf message field by field.
 *
 * @throws Error for bytes that are no such message: cut off, a length beyond the end, a field of another type
 */
export function readMessage(bytes: Uint8Array, fields: Fields): void {
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const [number, wire] = reader.tag()
    const read = fields[number]
    if (read === undefined) reader.skip(wire, number)
    else read(fieldOf(reader, number, wire))
  }
}

function fieldOf(reader: BinaryReader, number: number, wire: WireType): Field {
  const expect = (expected: WireType) => {
    if (wire !== expected) throw new TypeError(`field ${number} has the wire type ${wire}, not ${expected}`)
  }
  const bytes = () => {
    expect(WireType.LengthDelimited)
    return reader.bytes()
  }
  const repeated = (single: WireType, read: (from: BinaryReader) => number): number[] => {
    if (wire !== WireType.LengthDelimited) {
      expect(single)
      return [read(reader)]
    }
    const packed = new BinaryReader(reader.bytes())
    const values: number[] = []
    while (packed.pos < packed.len) values.push(read(packed))
    return values
  }
  return {
    whole: () => {
      expect(WireType.Varint)
      return Number(reader.int64())
    },
    text: () => {
      expect(WireType.LengthDelimited)
      return reader.string(true)
    },
    bytes,
    wholes: () => repeated(WireType.Varint, (from) => Number(from.int64())),
    floats: () => repeated(WireType.Bit32, (from) => from.float()),
    doubles: () => repeated(WireType.Bit64, (from) => from.double()),
  }
}
