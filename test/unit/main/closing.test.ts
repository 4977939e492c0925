import { expect, test } from 'vitest'
import { jobQuestion, mayClose, UNSAVED_QUESTION, type Question } from '../../../src/main/closing.ts'

/** Closes a window whose verdict is saved after so many milliseconds, and answers each question alike. */
async function closing(savedAfter: number, job: string | null, answer: boolean) {
  const asked: Question[] = []
  let now = 0
  const closes = await mayClose({
    isSaving: () => now < savedAfter,
    job: () => job,
    wait: (milliseconds) => Promise.resolve(void (now += milliseconds)),
    ask: (question) => {
      asked.push(question)
      return Promise.resolve(answer)
    },
  })
  return { closes, asked, now }
}

test('closes without a question when nothing is in the way', async () => {
  expect(await closing(0, null, false)).toEqual({ closes: true, asked: [], now: 0 })
})

test('waits for a verdict that is being saved', async () => {
  expect(await closing(1_000, null, false)).toEqual({ closes: true, asked: [], now: 1_000 })
})

test.each([true, false])(
  'asks when the verdict cannot be saved, and does what is answered: %s',
  async (answer) => {
    const { closes, asked, now } = await closing(Infinity, null, answer)
    expect([closes, asked, now]).toEqual([answer, [UNSAVED_QUESTION], 5_000])
  },
)

test.each([true, false])('asks while a job runs, by its name: %s', async (answer) => {
  const { closes, asked } = await closing(0, 'Explain 100 maps', answer)
  expect([closes, asked]).toEqual([answer, [jobQuestion('Explain 100 maps')]])
  expect(asked[0]?.message).toBe('“Explain 100 maps” is not done yet.')
})

test('who stays for the verdict is not asked about the job', async () => {
  expect((await closing(Infinity, 'Explain', false)).asked).toEqual([UNSAVED_QUESTION])
})
