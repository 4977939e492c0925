import type { Target } from './contract/runs.ts'
import { isBuiltIn, isFashion } from './names.ts'

const FASHION = [
  'T-shirt/top',
  'Trouser',
  'Pullover',
  'Dress',
  'Coat',
  'Sandal',
  'Shirt',
  'Sneaker',
  'Bag',
  'Ankle boot',
]

/** Names of classes by their numbers, as whoever brought the data calls them; absent: the data set's own. */
type GivenNames = readonly string[] | undefined

/** What people call a class of a data set; its number where it has no other name. */
export function className(dataset: string, label: number, given?: GivenNames): string {
  return given?.[label] ?? (isFashion(dataset) ? FASHION[label] : undefined) ?? String(label)
}

/** Classes of every data set: the digits, or as many kinds of garment. */
const CLASSES = 10

/** What people call each class of a data set, by its number. */
export function classNames(dataset: string, given?: GivenNames): readonly string[] {
  return given ?? Array.from({ length: CLASSES }, (_, label) => className(dataset, label))
}

/** A class with its number, e.g. `class 7` or `class 7 (Sneaker)`. */
export function classTitle(dataset: string, label: number, given?: GivenNames): string {
  const name = className(dataset, label, given)
  return name === String(label) ? `class ${label}` : `class ${label} (${name})`
}

/** Which class a run explains, e.g. `true label`. */
export function targetTitle(dataset: string, target: Target, given?: GivenNames): string {
  if (typeof target === 'number') return classTitle(dataset, target, given)
  return target === 'label' ? 'true label' : 'prediction'
}

/** Names of a class that differ between data sets, at most, behind its number. */
const MOST_NAMES = 3

/**
 * What several data sets call a class: its name where they agree, e.g. `cat`, else its number with their names, e.g.
 * `3 (Dress, cat)`. A data set says nothing of classes that it has no name for.
 */
export function commonClassName(
  sets: readonly { dataset: string; given: GivenNames }[],
  label: number,
): string {
  const names = new Set(
    sets.flatMap(({ dataset, given }) => {
      const isNamed = given === undefined ? isBuiltIn(dataset) : label in given
      return isNamed ? [className(dataset, label, given)] : []
    }),
  )
  const [first = String(label), ...others] = names
  if (others.length === 0) return first
  const shown = [...names].slice(0, MOST_NAMES)
  return `${label} (${[...shown, ...(names.size > shown.length ? ['…'] : [])].join(', ')})`
}
