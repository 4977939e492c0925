import type { OpenDialogReturnValue, SaveDialogReturnValue } from 'electron'
import type { OpenDialogOptions, SaveDialogOptions } from 'electron'

/** Electron's dialogs on the window. */
export interface NativeDialogs {
  showOpen: (options: OpenDialogOptions) => Promise<OpenDialogReturnValue>
  showSave: (options: SaveDialogOptions) => Promise<SaveDialogReturnValue>
}

const WORKSPACES = [{ name: 'Heatproof workspace', extensions: ['heatproof'] }]

/** A folder for exports; null: cancelled. */
export async function chooseExportFolder({ showOpen }: NativeDialogs): Promise<string | null> {
  const { canceled, filePaths } = await showOpen({
    title: 'Folder for exports',
    properties: ['openDirectory', 'createDirectory'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** An existing workspace; null: cancelled. */
export async function chooseWorkspaceFile({ showOpen }: NativeDialogs): Promise<string | null> {
  const { canceled, filePaths } = await showOpen({
    title: 'Open a workspace',
    properties: ['openFile'],
    filters: WORKSPACES,
  })
  return canceled ? null : (filePaths[0] ?? null)
}

/** A file for a new workspace, with its extension; null: cancelled. */
export async function nameNewWorkspace({ showSave }: NativeDialogs): Promise<string | null> {
  const { canceled, filePath } = await showSave({
    title: 'New workspace',
    defaultPath: 'audit.heatproof',
    filters: WORKSPACES,
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  })
  if (canceled || filePath === '') return null
  return filePath.endsWith('.heatproof') ? filePath : `${filePath}.heatproof`
}
