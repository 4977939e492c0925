import { printModelName, type ArchitectureName, type DatasetName, type ModelNameParts } from '../../src/shared/names.ts'

/** A model of resources/models. */
export interface ResourceRow extends ModelNameParts {
  dataset: DatasetName
  /** Accuracy on the test split that the reference work reached; null where it states none. */
  reference: number | null
  epochs: number
}

type Kind = Pick<ResourceRow, 'architecture' | 'stationaryDropout'>

const STEPS = 12
/** Networks without gates and convolutions need longer to come near the reference. */
const EPOCHS: Record<ArchitectureName, number> = {
  shallow: 40,
  deep: 40,
  deep_v2: 40,
  convdeep: 14,
  convdeep_lateral: 14,
  rlstm: 10,
  convrlstm: 14,
  convrlstm_lateral: 14,
}

/** The accuracy table of the method card, section 2: MNIST and Fashion-MNIST. */
const REFERENCE: readonly (Kind & { mnist: number; fashion: number })[] = [
  { architecture: 'deep', stationaryDropout: false, mnist: 0.982, fashion: 0.898 },
  { architecture: 'rlstm', stationaryDropout: false, mnist: 0.985, fashion: 0.914 },
  { architecture: 'shallow', stationaryDropout: false, mnist: 0.981, fashion: 0.9 },
  { architecture: 'deep_v2', stationaryDropout: false, mnist: 0.983, fashion: 0.906 },
  { architecture: 'rlstm', stationaryDropout: true, mnist: 0.986, fashion: 0.915 },
  { architecture: 'convdeep', stationaryDropout: false, mnist: 0.992, fashion: 0.929 },
  { architecture: 'convrlstm', stationaryDropout: true, mnist: 0.994, fashion: 0.936 },
  { architecture: 'convdeep_lateral', stationaryDropout: false, mnist: 0.979, fashion: 0.881 },
  { architecture: 'convrlstm_lateral', stationaryDropout: true, mnist: 0.985, fashion: 0.882 },
]

/** Kinds of which all five folds ship, on MNIST. */
const ALL_FOLDS: readonly Kind[] = [
  { architecture: 'deep', stationaryDropout: false },
  { architecture: 'rlstm', stationaryDropout: false },
  { architecture: 'rlstm', stationaryDropout: true },
  { architecture: 'convdeep', stationaryDropout: false },
]

/** All models that ship, in the order in which they are trained. */
export const RESOURCE_ROWS: readonly ResourceRow[] = [
  ...REFERENCE.map(({ mnist, ...kind }) => row(kind, 'mnist-3-digits-maj', 1, mnist)),
  ...REFERENCE.map(({ fashion, ...kind }) => row(kind, 'fashion-mnist-3-items-maj', 1, fashion)),
  ...ALL_FOLDS.flatMap((kind) => [2, 3, 4, 5].map((fold) => row(kind, 'mnist-3-digits-maj', fold, null))),
]

export function nameOf(resource: ResourceRow): string {
  return printModelName(resource)
}

function row(
  { architecture, stationaryDropout }: Kind,
  dataset: ResourceRow['dataset'],
  fold: number,
  reference: number | null,
): ResourceRow {
  return {
    architecture,
    stationaryDropout,
    dataset,
    steps: STEPS,
    fold,
    reference,
    epochs: EPOCHS[architecture],
  }
}
