import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyAuditedSet } from '../../../../src/engine/exchange/audited-set-verify.ts'
import { listFolder } from '../../../../src/engine/exchange/manifest.ts'
import { openFolder } from '../../../../src/engine/exchange/audited-set-content.ts'
import { readRecords } from '../../../../src/engine/exchange/records/read-records.ts'
import { EXPORT_FORMS, FORM_TITLES } from '../../../../src/shared/export-forms.ts'
import { rejectionOf } from '../../../support/errors.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { requestFor } from '../audited-workspace.ts'
import { formWorkspace } from './form-workspace.ts'

/** What every export has. */
const COMMON = ['manifest.json', 'README.txt', 'SHA256SUMS']

describe.each(EXPORT_FORMS.filter((form) => form !== 'set'))('as %s', (form) => {
  const root = temporaryFolder()
  let audited: ReturnType<typeof formWorkspace>
  beforeAll(() => (audited = formWorkspace(root)))
  afterAll(() => audited.close())

  test('an export has a manifest that counts and verifies it, and finds what was changed', async () => {
    const { path, manifestSha256 } = await audited.write(form)
    const { manifest, differences } = await verifyAuditedSet(path, manifestSha256)
    expect(differences).toEqual([])
    expect(manifest).toMatchObject({
      form,
      counts: {
        ...{ maps: 12, samples: 2, models: 2, verdicts: 4, latestVerdicts: 4 },
        consensus: { accept: 1, fail: 1, unsure: 0, tie: 1, none: 9 },
      },
      models: [{ file: null }, { file: null }],
      sampleSets: [{ split: 'test' }],
    })
    const [file = ''] = (await listFolder(path, COMMON)).map((entry) => entry.path)
    writeFileSync(join(path, file), 'other')
    expect((await verifyAuditedSet(path)).differences).toMatchObject([{ path: file, problem: 'changed' }])
    expect((await audited.handlers['exports.list']({}))[0]).toMatchObject({ form, format: 'folder' })
  })

  test('the same maps give the same bytes', async () => {
    const { path } = await audited.write(form, { name: 'twice' })
    renameSync(path, `${path} before`)
    await audited.write(form, { name: 'twice' })
    expect(await listFolder(path)).toEqual(await listFolder(`${path} before`))
  })

  test('a cancelled export leaves nothing behind', async () => {
    const before = readdirSync(audited.folder)
    const { handlers, queue, folder } = audited
    const request = requestFor(folder, { form, format: 'zip', name: 'stopped' })
    const { jobId } = await handlers['exports.start'](request)
    queue.cancel(jobId)
    expect((await queue.finished(jobId)).status).toBe('cancelled')
    expect(readdirSync(folder)).toEqual(before)
  })

  test('an export that is no audited set is refused by import with its name', async () => {
    const { path } = await audited.write(form, { name: 'foreign' })
    const { manifest } = await verifyAuditedSet(path)
    const error = await rejectionOf(readRecords(path, await openFolder(path), manifest))
    expect(error).toMatchObject({ code: 'bad_file', exitCode: 2 })
    expect(error.found).toContain(`an export for ${FORM_TITLES[form].title}`)
  })

  test('its README says what stands where', async () => {
    const { path } = await audited.write(form, { name: 'described' })
    const readme = readFileSync(join(path, 'README.txt'), 'utf8')
    const names = readdirSync(path).filter((name) => name !== 'README.txt')
    for (const name of names) expect(readme).toContain(name)
  })
})
