import type { ComparedMap, ComparedSequence } from '../../../shared/contract/compare.ts'

export const TARGETS = ['label', 'predicted'] as const
/** Which class a map should explain: the sequence's label, or what the row's model predicts. */
export type TargetChoice = (typeof TARGETS)[number]

/** The map of every model and method: the newest that explains the asked class, else the newest of another class. */
export function chosenMaps(
  { maps, models, label }: Pick<ComparedSequence, 'maps' | 'models' | 'label'>,
  choice: TargetChoice,
): Map<string, ComparedMap> {
  const predicted = new Map(models.map((model) => [model.id, model.predicted]))
  const fits = (map: ComparedMap) =>
    map.target === (choice === 'label' ? label : (predicted.get(map.modelId) ?? label))
  const chosen = new Map<string, ComparedMap>()
  for (const map of maps.toSorted((a, b) => Number(fits(a)) - Number(fits(b)) || a.mapId - b.mapId)) {
    chosen.set(cellKey(map.modelId, map.method), map)
  }
  return chosen
}

export function cellKey(modelId: number, method: string): string {
  return `${modelId} ${method}`
}

/** Whether a model and method have maps that explain different classes, so that there is something to choose. */
export function hasSeveralTargets(maps: readonly ComparedMap[]): boolean {
  const targets = Map.groupBy(maps, ({ modelId, method }) => cellKey(modelId, method))
  return [...targets.values()].some((cell) => new Set(cell.map(({ target }) => target)).size > 1)
}
