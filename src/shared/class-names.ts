import type { DatasetName } from './names.ts'

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

const CLASS_NAMES: Partial<Record<string, readonly string[]>> = {
  'fashion-mnist-3-items-maj': FASHION,
} satisfies Partial<Record<DatasetName, readonly string[]>>

/** What people call a class of a data set; its number where it has no other name. */
export function className(dataset: string, label: number): string {
  return CLASS_NAMES[dataset]?.[label] ?? String(label)
}
