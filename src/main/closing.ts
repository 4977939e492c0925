/** How long closing waits for a verdict that is being saved, in milliseconds. */
const SAVE_MS = 5_000
const LOOK_MS = 50

export interface ClosingNeeds {
  /** Whether a verdict is not on disk yet. */
  isSaving: () => boolean
  /** What runs or waits to run; null: nothing. */
  job: () => string | null
  wait: (milliseconds: number) => Promise<void>
  /** Asks the user; true: close. */
  ask: (question: Question) => Promise<boolean>
}

export interface Question {
  type: 'warning' | 'question'
  message: string
  detail: string
  /** Staying comes first and is what Enter and Escape choose. */
  buttons: [stay: string, close: string]
}

/** What a user is asked whose verdict is still not saved after a wait. */
export const UNSAVED_QUESTION: Question = {
  type: 'warning',
  message: 'The last verdict is not saved yet.',
  detail: 'Heatproof is still trying. A verdict that is not saved is lost when the window closes.',
  buttons: ['Stay', 'Close anyway'],
}

/** What a user is asked while a job runs. */
export function jobQuestion(title: string): Question {
  return {
    type: 'question',
    message: `“${title}” is not done yet.`,
    detail: 'It stops when the window closes, and goes on from there when the workspace is opened again.',
    buttons: ['Keep it running', 'Close'],
  }
}

/** Whether a window may close: once its verdict is saved, without a question unless that fails or a job runs. */
export async function mayClose({ isSaving, job, wait, ask }: ClosingNeeds): Promise<boolean> {
  for (let waited = 0; isSaving() && waited < SAVE_MS; waited += LOOK_MS) await wait(LOOK_MS)
  if (isSaving() && !(await ask(UNSAVED_QUESTION))) return false
  const title = job()
  return title === null || ask(jobQuestion(title))
}
