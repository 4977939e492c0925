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
