import type { Database } from 'better-sqlite3'
import { className } from '../../shared/class-names.ts'
import { givenClassNames } from '../workspace/samples.ts'
import { mapsWithNote, samplesOfSequence } from '../workspace/search.ts'
import { rowOfMap, type MapColumns } from './map-columns.ts'

/** Looks up what the columns do not hold. */
export interface LookUp {
  mapsWithNote: (word: string) => readonly number[]
  samplesOfSequence: (sequence: number) => readonly number[]
  /** What the classes of imported data sets are called. */
  classNames: () => Readonly<Record<string, readonly string[]>>
}

export function lookUpIn(database: Database): LookUp {
  return {
    mapsWithNote: (word) => mapsWithNote(database, word),
    samplesOfSequence: (sequence) => samplesOfSequence(database, sequence),
    classNames: () => givenClassNames(database),
  }
}

type Searched = Pick<MapColumns, 'count' | 'mapIds' | 'sampleIds' | 'facts' | 'lookUp'>

/**
 * The rows that a search refuses (1). Every word must match: `#12` the map with this id, `sequence:34` the sequence with
 * this number, any other word the class of the sample (its number, or a word of its name) or the beginning of a word in a
 * note of a verdict that counts. Case does not matter.
 */
export function refusedBySearch(columns: Searched, text: string): Uint8Array {
  const refused = new Uint8Array(columns.count)
  for (const word of wordsOf(text)) {
    const matches = rowsMatching(columns, word)
    for (let row = 0; row < refused.length; row += 1) if (matches[row] === 0) refused[row] = 1
  }
  return refused
}

export function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/\s+/).filter(Boolean)
}

function rowsMatching(columns: Searched, word: string): Uint8Array {
  const [, id] = /^#(\d+)$/.exec(word) ?? []
  const [, sequence] = /^sequence:(\d+)$/.exec(word) ?? []
  if (id !== undefined) return rowsOfMaps(columns, [Number(id)])
  if (sequence === undefined) {
    const matches = rowsOfClass(columns, word)
    rowsOfMaps(columns, columns.lookUp.mapsWithNote(word)).forEach((is, row) => {
      if (is === 1) matches[row] = 1
    })
    return matches
  }
  const samples = new Set(columns.lookUp.samplesOfSequence(Number(sequence)))
  return Uint8Array.from(columns.sampleIds, (sample) => Number(samples.has(sample)))
}

function rowsOfMaps(columns: Searched, mapIds: readonly number[]): Uint8Array {
  const matches = new Uint8Array(columns.count)
  for (const mapId of mapIds) {
    const row = rowOfMap(columns, mapId)
    if (row >= 0) matches[row] = 1
  }
  return matches
}

function rowsOfClass({ count, facts: { dataset, label }, lookUp }: Searched, word: string): Uint8Array {
  const given = lookUp.classNames()
  const isMeant = dataset.values.map((name) =>
    label.values.map(
      (value) => value === Number(word) || wordsOf(className(name, value, given[name])).includes(word),
    ),
  )
  const matches = new Uint8Array(count)
  for (let row = 0; row < count; row += 1) {
    matches[row] = Number(isMeant[dataset.codes[row] ?? 0]?.[label.codes[row] ?? 0] ?? false)
  }
  return matches
}
