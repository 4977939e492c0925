import { z } from 'zod'
import type { EngineEvent, Handlers } from '../../shared/contract/contract.ts'
import { OWNER, type Caller } from '../../shared/contract/reviewers.ts'
import type { WorkspaceSummary } from '../../shared/contract/workspace.ts'
import { activeCalibration, newerThanActive } from '../workspace/calibrations.ts'
import { foreignNetworks } from '../workspace/models.ts'
import type { Workspace } from '../workspace/open.ts'
import { getSetting, setSetting } from '../workspace/settings.ts'
import { givenClassNames } from '../workspace/samples.ts'
import { selectNumber } from '../workspace/statements.ts'
import { listReviewers } from '../workspace/reviewers.ts'
import { countLatestVerdicts, listDeciders } from '../workspace/verdicts.ts'

export interface WorkspaceDependencies {
  workspace: Workspace
  /** null until it is known. */
  device: () => WorkspaceSummary['device']
  /** Folders that exports may be written to; the first is the default. */
  folders: () => readonly string[]
  /** Of the program. */
  version: string
  /** Who the reviewer is until somebody gives a name, e.g. the login name. */
  defaultReviewer: string
  emit: (event: EngineEvent) => void
}

const REVIEWER = 'reviewer'

export function workspaceHandlers(
  dependencies: WorkspaceDependencies,
): Handlers<'workspace.summary' | 'workspace.setReviewer'> {
  const { workspace, emit } = dependencies
  return {
    'workspace.summary': (_, caller) => summarise(dependencies, caller),
    'workspace.setReviewer': ({ name }) => {
      setSetting(workspace.database, REVIEWER, name)
      emit({ type: 'changed', what: ['workspace'] })
      return summarise(dependencies)
    },
  }
}

function summarise(
  { workspace, device, folders, version, defaultReviewer }: WorkspaceDependencies,
  caller: Caller = OWNER,
): WorkspaceSummary {
  const { database, name, path } = workspace
  const count = (table: CountedTable) => selectNumber(database, `SELECT count(*) FROM ${table}`)
  const reviewer = caller.name ?? getSetting(database, REVIEWER, z.string()) ?? defaultReviewer
  const invited = listReviewers(database).map((known) => known.name)
  return {
    name,
    path,
    reviewer,
    reviewers: [...new Set([...listDeciders(database), ...invited, reviewer])].sort(),
    standing: caller.standing,
    counts: {
      samples: count('samples'),
      models: count('models'),
      runs: selectNumber(database, 'SELECT count(*) FROM runs WHERE removed_at IS NULL'),
      maps: count('maps'),
      verdicts: countLatestVerdicts(database),
      calibrations: count('calibrations'),
      exports: count('exports'),
    },
    calibration: activeCalibration(database),
    newerVerdicts: newerThanActive(database),
    device: device(),
    classNames: givenClassNames(database),
    networks: foreignNetworks(database),
    folders: [...folders()],
    version,
  }
}

type CountedTable = 'samples' | 'models' | 'maps' | 'calibrations' | 'exports'
