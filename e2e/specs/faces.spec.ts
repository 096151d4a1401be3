import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { faced } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** From the form to the provider's page, which opens as on another device. */
async function openCamera(page: Page, words: Words): Promise<Page> {
  await page.locator('[name=name]').fill(faced.name)
  await page.locator('[name=id_number]').fill(faced.id_number)
  const other = page.getByRole('button', { name: words.t('signing:identity.other_way') })
  if (await other.isVisible()) await other.click()
  await page.getByRole('radio', { name: words.t('signing:identity.method.face_alipay') }).check()
  await expect(page.locator('[name=phone]')).toHaveCount(0)
  await press(page, words.t('signing:identity.submit_face'))
  await expect(page.getByText(words.t('signing:identity.face_missing'))).toBeVisible()
  await page.getByRole('checkbox').check()
  await look(page)
  await press(page, words.t('signing:identity.submit_face'))
  await expect(page.getByRole('heading', { name: words.t('signing:identity.wait.title_browser') })).toBeVisible()
  await expect(page.getByRole('img', { name: words.t('signing:identity.wait.qr_browser') })).toBeVisible()
  await expectAccessible(page)
  await look(page)
  const address = await page.getByRole('link', { name: words.t('signing:identity.wait.open_browser') }).getAttribute('href')
  const camera = await page.context().newPage()
  await camera.goto(address ?? '')
  await expect(camera.getByRole('heading', { name: words.t('sandbox:face.title') })).toBeVisible()
  await expectAccessible(camera)
  await look(camera)
  return camera
}

test('a photograph is refused with its reason, and the face itself verifies without a phone', async ({
  page,
  sender,
  pdf,
  words,
}) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, faced))
  await ahead.open('identity')
  const first = await openCamera(page, words)
  await press(first, words.t('sandbox:face.play_photograph'))
  await expect(first.getByText(words.t('sandbox:face.done_photograph'))).toBeVisible()
  await first.close()
  await expect(page.getByText(words.t('problem:identity_refused_face_not_live'))).toBeVisible()
  await expectAccessible(page)
  const second = await openCamera(page, words)
  await press(second, words.t('sandbox:face.play_passed'))
  await expect(second.getByRole('link', { name: words.t('sandbox:face.back') })).toBeVisible()
  await second.close()
  await page.waitForURL('**/document')
  const { identity } = await ahead.ceremony()
  expect([identity.state, identity.assurance, identity.how]).toEqual(['verified', 'high', ['register', 'face']])
})

test('a check at the camera can be given up for the usual way, and ID data can be refused', async ({
  page,
  sender,
  pdf,
  words,
}) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, faced))
  await ahead.open('identity')
  const camera = await openCamera(page, words)
  await press(page, words.t('signing:identity.wait.other'))
  await expect(page.locator('[name=phone]')).toBeVisible()
  await press(camera, words.t('sandbox:face.play_passed'))
  await camera.close()
  await press(page, words.t('signing:identity.consent_refuse'))
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('dialog').getByRole('button', { name: words.t('signing:identity.refused_close') }).last().click()
  expect((await ahead.ceremony()).identity.consents.identity_refused).toBe(true)
  await page.locator('[name=name]').fill(faced.name)
  await page.locator('[name=id_number]').fill(faced.id_number)
  await page.locator('[name=phone]').fill(faced.phone)
  await press(page, words.t('signing:identity.submit'))
  await expect(page.locator('[name=code]')).toBeVisible()
})
