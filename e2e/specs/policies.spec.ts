import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { draft, linkTo, post, put, sent, signUp } from '../support/api'
import { company, faced, signer as loner, typist } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const title = { en: 'Branch office', 'zh-CN': '分公司' }
const owned = { organization: company.name, code: company.credit_code }

test('a sender writes a signing policy of their own', async ({ page, words }) => {
  await signUp(page.request)
  await page.goto('/policies')
  await expect(page.getByRole('heading', { name: { en: 'Strict', 'zh-CN': '严格' }[words.locale] })).toBeVisible()
  await expectAccessible(page)
  const label = (key: string) => page.getByLabel(words.t(`common:policy.page.${key}`))
  await expect(label('author')).toHaveCount(0)
  await label('name').fill('Not A Name')
  await label('title_en').fill(title.en)
  await label('title_zh').fill(title['zh-CN'])
  await page.getByRole('button', { name: words.t('common:policy.page.save') }).click()
  await expect(page.getByText(words.t('problem:policy_invalid_name'))).toBeVisible()
  await label('name').fill('branch')
  await page.getByRole('checkbox', { name: words.t('common:policy.custody.pin'), exact: true }).check()
  await page.getByRole('button', { name: words.t('common:policy.page.save') }).click()
  await expect(page.getByText(words.t('common:policy.page.saved', { name: 'branch', version: 1 }))).toBeVisible()
  await expect(page.getByRole('heading', { name: title[words.locale] })).toBeVisible()
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

test('who acts for a company writes its conditions, and the signer reads whose they are', async ({
  page,
  browser,
  pdf,
  words,
}) => {
  await signUp(page.request)
  await represent(page, words, pdf)
  await write(page, words)

  const { id, email } = await draft(page.request, pdf, words, { name: typist.name })
  await page.goto(`/envelopes/${id}/edit/review`)
  const choice = page.getByLabel(words.t('common:policy.label'))
  const group = choice.locator(`optgroup[label="${words.t('common:policy.conditions_of_code', owned)}"]`)
  const reference = await group.locator('option').getAttribute('value')
  expect(reference).toMatch(/^org_[^/]+\/branch$/)
  await choice.selectOption(reference)
  await expect(page.locator('p', { hasText: words.t('common:policy.conditions_of_code', owned) })).toBeVisible()
  await look(page)
  await expectAccessible(page)
  await page.getByRole('button', { name: words.t('envelope:review.send') }).click()
  await page.waitForURL(/\/envelopes\/env_[^/]+$/)

  const context = await browser.newContext()
  const theirs = await context.newPage()
  await theirs.goto(await linkTo(page.request, email))
  await theirs.getByRole('button', { name: words.t('signing:actions.continue'), exact: true }).click()
  await expect(theirs.getByText(words.t('signing:consent.policy_of', owned))).toBeVisible()
  await look(theirs)
  await expectAccessible(theirs)
  await context.close()
})

/** The account of `page` administers the company: its agent is verified in the same browser. */
async function represent(page: Page, words: Words, pdf: Buffer) {
  const guest = { name: faced.name, organization: company.name }
  const ahead = await Ahead.consented(page, words, await sent(page.request, pdf, words, guest))
  await ahead.identify(faced)
  await ahead.prove(company)
  await post(page.request, `signing/${ahead.rcp}/organization/administrator`, {})
}

/** In the company's name. */
async function write(page: Page, words: Words) {
  await page.goto('/policies')
  const label = (key: string) => page.getByLabel(words.t(`common:policy.page.${key}`))
  await label('author').selectOption({ label: `${company.name} · ${company.credit_code}` })
  await label('name').fill('branch')
  await label('title_en').fill(title.en)
  await label('title_zh').fill(title['zh-CN'])
  await page.getByRole('checkbox', { name: words.t('common:policy.custody.pin'), exact: true }).check()
  await page.getByRole('button', { name: words.t('common:policy.page.save') }).click()
  await expect(page.getByText(words.t('common:policy.page.saved', { name: 'branch', version: 1 }))).toBeVisible()
  await expect(page.getByText(words.t('common:policy.conditions_of', owned), { exact: true })).toBeVisible()
  await look(page)
  await expectAccessible(page)
}
