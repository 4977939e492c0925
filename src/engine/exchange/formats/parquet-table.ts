import { fileWriter, ParquetWriter, schemaFromColumnData, type BasicType } from 'hyparquet-writer'

/** What a cell may hold; null and undefined are null in the file. */
export type ParquetCell = string | number | boolean | Date | Uint8Array | object | null | undefined

/** A column of a table and how its cells follow from a row. */
export interface Column<Row> {
  name: string
  type: BasicType
  cell: (row: Row) => ParquetCell
}

/** A table that is written a group of rows at a time. */
export interface ParquetTable<Row> {
  append: (rows: readonly Row[]) => Promise<void>
  /** Writes the footer, without which the file is no table. */
  finish: () => Promise<void>
}

/** Begins a Parquet file (Snappy, one group of rows an `append`): the same rows in the same groups give the same bytes. */
export function createParquetTable<Row>(file: string, columns: readonly Column<Row>[]): ParquetTable<Row> {
  const withData = (rows: readonly Row[]) =>
    columns.map(({ name, type, cell }) => ({ name, type, data: rows.map((row) => cell(row) ?? null) }))
  const writer = new ParquetWriter({
    writer: fileWriter(file),
    schema: schemaFromColumnData({ columnData: withData([]) }),
    createdBy: 'heatproof',
  })
  return {
    async append(rows) {
      if (rows.length > 0) await writer.write({ columnData: withData(rows), rowGroupSize: rows.length })
    },
    async finish() {
      await writer.finish()
    },
  }
}
