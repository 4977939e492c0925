import { z } from 'zod'
import type { Facet } from '../../lib/filter.ts'
import { recall, remember } from '../../lib/storage.ts'

const STORED = 'heatproof.folded'

/** Facets that are folded up to their title; kept in this browser. */
export class FoldedFacets {
  #folded: readonly string[] = $state.raw(recall(STORED, z.array(z.string()), []))

  has(facet: Facet): boolean {
    return this.#folded.includes(facet)
  }

  toggle(facet: Facet): void {
    this.#folded = this.has(facet)
      ? this.#folded.filter((other) => other !== facet)
      : [...this.#folded, facet]
    remember(STORED, this.#folded)
  }
}
