/**
 * Names of fields as databases and programs take them: letters, digits and underscores, beginning with a letter. Things that
 * would have the same name are numbered in the order in which they come.
 */
export class FieldNames {
  readonly #names = new Map<string, string>()
  readonly #taken = new Set<string>()

  /**
   * @param key tells things apart; the same key has the same name
   * @param text what people call it
   */
  nameOf(key: string, text: string): string {
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const stem = text.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/^(?![A-Za-z])/, 'map_')
    let name = stem
    for (let number = 2; this.#taken.has(name); number += 1) name = `${stem}_${number}`
    this.#taken.add(name)
    this.#names.set(key, name)
    return name
  }
}
