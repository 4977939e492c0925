import type { Target } from './contract/runs.ts'
import { isFashion } from './names.ts'

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

/** What people call a class of a data set; its number where it has no other name. */
export function className(dataset: string, label: number): string {
  return (isFashion(dataset) ? FASHION[label] : undefined) ?? String(label)
}

/** Classes of every data set: the digits, or as many kinds of garment. */
const CLASSES = 10

/** What people call each class of a data set, by its number. */
export function classNames(dataset: string): string[] {
  return Array.from({ length: CLASSES }, (_, label) => className(dataset, label))
}

/** A class with its number, e.g. `class 7` or `class 7 (Sneaker)`. */
export function classTitle(dataset: string, label: number): string {
  const name = className(dataset, label)
  return name === String(label) ? `class ${label}` : `class ${label} (${name})`
}

/** Which class a run explains, e.g. `true label`. */
export function targetTitle(dataset: string, target: Target): string {
  if (typeof target === 'number') return classTitle(dataset, target)
  return target === 'label' ? 'true label' : 'prediction'
}
