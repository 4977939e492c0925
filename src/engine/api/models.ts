import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import { modelLabel } from '../../shared/names.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { readShippedModel, readShippedModels } from '../jobs/shipped-models.ts'
import { modelRow } from '../jobs/stored-model.ts'
import { planOfRequest, trainingTitle } from '../jobs/training-setup.ts'
import { inspectNetwork, modelFileOf } from './model-files.ts'
import { listCurvePoints } from '../workspace/jobs.ts'
import { insertModel, listModels } from '../workspace/models.ts'

type ModelNames =
  | 'models.list'
  | 'models.shipped'
  | 'models.addShipped'
  | 'models.train'
  | 'models.curve'
  | 'models.import'
  | 'models.inspect'

export interface ModelDependencies {
  database: Database
  queue: JobQueue
  onModel: () => void
}

export function modelHandlers({ database, queue, onModel }: ModelDependencies): Handlers<ModelNames> {
  return {
    'models.list': () => listModels(database),
    'models.shipped': () => {
      const present = new Set(listModels(database).map(({ sha256 }) => sha256))
      const { models, damaged } = readShippedModels()
      return {
        models: models.map(
          ({ name, architecture, stationaryDropout, dataset, steps, fold, accuracy, sha256 }) => ({
            name,
            architecture,
            label: modelLabel({ architecture, stationaryDropout, labels: 'true', name }),
            dataset,
            steps,
            fold,
            accuracy,
            present: present.has(sha256),
          }),
        ),
        damaged,
      }
    },
    'models.addShipped': ({ names }) => {
      const chosen = names.map(readShippedModel)
      const models = chosen.map((model) => insertModel(database, model))
      onModel()
      return models
    },
    'models.train': (request) => {
      planOfRequest(request)
      return { jobId: queue.add('train', trainingTitle(request), request).id }
    },
    'models.curve': ({ jobId }) => listCurvePoints(database, queue.get(jobId).id),
    'models.import': async (given) => {
      const file = await modelFileOf(given)
      const model = insertModel(database, modelRow(file, given.fileName, 'imported'))
      onModel()
      return model
    },
    'models.inspect': inspectNetwork,
  }
}
