import type { SetFolder } from '../audited-set-folder.ts'

/** A list whose items come a page at a time. */
export type Pages = AsyncIterable<readonly object[]> | Iterable<readonly object[]>

/**
 * Writes a JSON file page by page: one list, or an object of which some fields are lists. Fields stand in their order, and a
 * list is asked for its pages when its turn comes. One item a line.
 */
export async function writeJsonFile(
  folder: SetFolder,
  path: string,
  content: Pages | Readonly<Record<string, { value: unknown } | { pages: Pages }>>,
): Promise<void> {
  const append = await folder.text(path)
  if (isPages(content)) {
    await writeList(append, content)
  } else {
    let before = '{\n'
    for (const [name, field] of Object.entries(content)) {
      await append(`${before}${JSON.stringify(name)}: `)
      if ('pages' in field) await writeList(append, field.pages)
      else await append(JSON.stringify(field.value))
      before = ',\n'
    }
    await append('\n}')
  }
  await append('\n')
}

function isPages(content: object): content is Pages {
  return Symbol.iterator in content || Symbol.asyncIterator in content
}

async function writeList(append: (text: string) => Promise<void>, pages: Pages): Promise<void> {
  let before = '[\n'
  for await (const page of pages) {
    if (page.length === 0) continue
    await append(before + page.map((item) => JSON.stringify(item)).join(',\n'))
    before = ',\n'
  }
  await append(before === '[\n' ? '[]' : '\n]')
}
