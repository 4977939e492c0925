import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { prepared } from './statements.ts'

const Ids = z.array(z.int())

/** Maps with a word that begins so in the note of a verdict that counts. */
export function mapsWithNote(database: Database, word: string): number[] {
  const phrase = `"${word.replaceAll('"', '""')}"*`
  return Ids.parse(
    prepared(
      database,
      `SELECT DISTINCT latest_verdicts.map_id FROM verdict_notes
       JOIN verdicts ON verdicts.id = verdict_notes.rowid
       JOIN latest_verdicts ON latest_verdicts.map_id = verdicts.map_id AND latest_verdicts.reviewer = verdicts.reviewer
         AND latest_verdicts.verdict_id = verdicts.id
       WHERE verdict_notes MATCH @phrase`,
    )
      .pluck()
      .all({ phrase }),
  )
}

/** Samples that show a sequence of the data, by its number there. */
export function samplesOfSequence(database: Database, sequence: number): number[] {
  return Ids.parse(
    prepared(database, "SELECT id FROM samples WHERE provenance_json ->> 'sequence' = @sequence")
      .pluck()
      .all({ sequence }),
  )
}
