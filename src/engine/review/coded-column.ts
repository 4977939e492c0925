/** A column of few different values: each row holds the code of its value. */
export interface CodedColumn<Value extends string | number | boolean> {
  codes: Uint16Array
  /** The value of each code, in order of first appearance. */
  values: Value[]
}

export function emptyColumn<Value extends string | number | boolean>(): CodedColumn<Value> {
  return { codes: new Uint16Array(), values: [] }
}

/** The column with room for `count` rows; those at its end have no value until one is written. */
export function columnWithRoom<Value extends string | number | boolean>(
  { codes, values }: CodedColumn<Value>,
  count: number,
): CodedColumn<Value> {
  const longer = new Uint16Array(count)
  longer.set(codes)
  return { codes: longer, values: [...values] }
}

/** Writes values into rows of a column. */
export function writerOf<Value extends string | number | boolean>({
  codes,
  values,
}: CodedColumn<Value>): (row: number, value: Value) => void {
  const codeOf = new Map(values.map((value, code) => [value, code]))
  return (row, value) => {
    let code = codeOf.get(value)
    if (code === undefined) {
      code = values.push(value) - 1
      codeOf.set(value, code)
    }
    codes[row] = code
  }
}

/** The column with more rows at its end. */
export function extendColumn<Value extends string | number | boolean>(
  column: CodedColumn<Value>,
  added: readonly Value[],
): CodedColumn<Value> {
  const first = column.codes.length
  const longer = columnWithRoom(column, first + added.length)
  const write = writerOf(longer)
  added.forEach((value, index) => write(first + index, value))
  return longer
}

/** For each code whether its value is wanted. */
export function wantedCodes<Value extends string | number | boolean>(
  column: CodedColumn<Value>,
  wanted: readonly Value[],
): Uint8Array {
  const set = new Set(wanted)
  return Uint8Array.from(column.values, (value) => Number(set.has(value)))
}

export function valueAt<Value extends string | number | boolean>(
  column: CodedColumn<Value>,
  row: number,
): Value {
  const value = column.values[column.codes[row] ?? -1]
  if (value === undefined) throw new RangeError(`no row ${row}`)
  return value
}
