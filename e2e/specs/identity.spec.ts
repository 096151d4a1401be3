import { codeOf, signUp } from '../support/api'
import { typist } from '../support/people'
import { expect, look, test } from '../support/test'

/** From an account that is nobody's to one that is a person's, and a consent taken back with the password. */
test('an account is linked to a person by a check of who they are', async ({ page, words }) => {
  const label = (key: string) => words.t(`identity:${key}`)
  const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click()
  await signUp(page.request)
  await page.goto('/certificates')
  await expect(page.getByText(words.t('certificate:mine.unlinked'))).toBeVisible()
  await page.getByRole('link', { name: words.t('certificate:mine.identity') }).last().click()
  await expect(page.getByText(label('nobody.title'))).toBeVisible()
  await look(page)

  await press(label('verify'))
  await page.locator('[name=name]').fill(typist.name)
  await page.locator('[name=id_number]').fill(typist.id_number)
  await page.locator('[name=phone]').fill(typist.phone)
  await look(page)
  const code = await codeOf(page.request, `+86${typist.phone}`, async () => {
    await press(words.t('signing:identity.submit'))
    await expect(page.locator('[name=code]')).toBeVisible()
  })
  await page.locator('[name=code]').fill(code)
  await press(words.t('signing:identity.code_submit'))
  await expect(page.getByText(label('person.counts'), { exact: true })).toBeVisible()
  await expect(page.getByText(typist.name)).toHaveCount(0)
  await look(page)
  await page.goto('/keys')
  await expect(page.getByRole('heading', { name: words.t('signing:my_keys.title') })).toBeVisible()
  await look(page)
  await page.goto('/identity')

  // The password of the sign-up counts for ten minutes: they are over here.
  await page.route(
    '**/identity/consent/withdraw',
    (route) => route.fulfill({ status: 403, json: { code: 'confirmation_missing', status: 403 } }),
    { times: 1 },
  )
  await press(label('consents.withdraw_identity'))
  await page.getByRole('dialog').getByRole('button', { name: label('consents.withdraw_act') }).click()
  await page.locator('[name=password]').fill('vermilion paste in a jade box')
  await look(page)
  await press(words.t('account:confirm.act'))
  await expect(page.getByText(label('person.over'), { exact: true })).toBeVisible()
  await look(page)
})
