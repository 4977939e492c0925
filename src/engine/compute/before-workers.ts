import { collectGarbageRarely } from './garbage-collection.ts'
import { shareAttributeNames } from './tensorflow-attributes.ts'
import { quietTensorFlow, useOneThreadAWorker } from './tensorflow-environment.ts'

/** What holds for the whole process; to be called before it starts threads that compute. */
export function beforeWorkers(): void {
  useOneThreadAWorker()
  quietTensorFlow()
  collectGarbageRarely()
  shareAttributeNames()
}
