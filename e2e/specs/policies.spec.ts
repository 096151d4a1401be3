import { signUp } from '../support/api'
import { expect, expectAccessible, test } from '../support/test'

test('a sender writes a signing policy of their own', async ({ page, words }) => {
  await signUp(page.request)
  await page.goto('/policies')
  await expect(page.getByRole('heading', { name: { en: 'Strict', 'zh-CN': '严格' }[words.locale] })).toBeVisible()
  await expectAccessible(page)
  const label = (key: string) => page.getByLabel(words.t(`common:policy.page.${key}`))
  await label('name').fill('Not A Name')
  await label('title_en').fill('Branch office')
  await label('title_zh').fill('分公司')
  await page.getByRole('button', { name: words.t('common:policy.page.save') }).click()
  await expect(page.getByText(words.t('problem:policy_invalid_name'))).toBeVisible()
  await label('name').fill('branch')
  await page.getByRole('checkbox', { name: words.t('common:policy.custody.pin'), exact: true }).check()
  await page.getByRole('button', { name: words.t('common:policy.page.save') }).click()
  await expect(page.getByText(words.t('common:policy.page.saved', { name: 'branch', version: 1 }))).toBeVisible()
  const title = words.locale === 'en' ? 'Branch office' : '分公司'
  await expect(page.getByRole('heading', { name: title })).toBeVisible()
  await expectAccessible(page)
})
