import type { Database } from 'better-sqlite3'
import { z } from 'zod'

const QueueRow = z.tuple([z.int(), z.instanceof(Uint8Array), z.number()])

/**
 * Why each map is in a queue, and with which probability, map by map: strata have probabilities of their own. Verdicts say
 * at which place of the queue they were given, and whether the reviewer was blind.
 */
export function queueOrigins(database: Database): void {
  database.exec(`
    ALTER TABLE queues RENAME COLUMN random_flags TO origins;
    ALTER TABLE queues ADD COLUMN probabilities BLOB NOT NULL DEFAULT x'';
    ALTER TABLE verdicts ADD COLUMN position INTEGER;
    ALTER TABLE verdicts ADD COLUMN blind INTEGER NOT NULL DEFAULT 0 CHECK (blind IN (0, 1));
  `)
  const queues = database.prepare('SELECT id, origins, random_probability FROM queues').raw().all()
  const update = database.prepare('UPDATE queues SET probabilities = ? WHERE id = ?')
  for (const [id, origins, randomProbability] of z.array(QueueRow).parse(queues)) {
    const probabilities = Float64Array.from(origins, (isRandom) => (isRandom === 1 ? randomProbability : 1))
    update.run(new Uint8Array(probabilities.buffer), id)
  }
  database.exec('ALTER TABLE queues DROP COLUMN random_probability')
}
