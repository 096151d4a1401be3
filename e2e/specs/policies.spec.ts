import { draft, put, signUp } from '../support/api'
import { signer as loner, typist } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'

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

test('one recipient signs under another policy than the others', async ({ page, pdf, words }) => {
  await signUp(page.request)
  const { id, rcp } = await draft(page.request, pdf, words, typist)
  const { recipients } = await (await page.request.get(`/api/v1/envelopes/${id}`)).json()
  const [{ kind, name, email, locale, order }] = recipients
  const first = { id: rcp, kind, name, email, locale, order }
  const second = { kind: 'person', name: loner.name, email: `${id}@example.com`, locale: words.locale, order: 2 }
  await put(page.request, `envelopes/${id}/recipients`, { recipients: [first, second] })
  await page.goto(`/envelopes/${id}/edit/review`)
  const theirs = page.getByLabel(words.t('common:policy.label_of', { name: loner.name }))
  await expect(theirs).toHaveValue('')
  await expectAccessible(page)
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok())
  await theirs.selectOption('simple')
  await saved
  await look(page)
  await page.reload()
  await expect(theirs).toHaveValue('simple')
  await expect(page.getByLabel(words.t('common:policy.label_of', { name: typist.name }))).toHaveValue('')
  const { policy, recipients: asked } = await (await page.request.get(`/api/v1/envelopes/${id}`)).json()
  expect([policy, ...asked.map((it: { policy: string | null }) => it.policy)]).toEqual(['standard', null, 'simple'])
})
