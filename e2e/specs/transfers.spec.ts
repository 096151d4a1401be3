import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { post, sent } from '../support/api'
import { administrator } from '../support/office'
import { agent, type Company, company, type Person, sealed, sealer } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

test.use({ serving: { env: { VERMILION_PAYOUT: 'manual' } } })

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The registry agrees, and the company names its account: from then on somebody has to pay. */
async function order(page: Page, words: Words, ahead: Ahead, whose: Company) {
  await ahead.open('organization')
  await page.locator('[name=credit_code]').fill(whose.credit_code)
  await page.locator('[name=legal_representative]').fill(whose.legal_representative)
  await press(page, words.t('signing:organization.submit'))
  await account(page, words, whose)
}

async function account(page: Page, words: Words, whose: Company) {
  await page.locator('[name=account_number]').fill(whose.account_number)
  await press(page, words.t('signing:organization.account_submit'))
  await expect(page.getByText(words.t('problem:bank_required'))).toBeVisible()
  await page.locator('[name=bank]').fill('沙箱银行')
  await press(page, words.t('signing:organization.account_submit'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:organization.queued_title_payment'))
}

/** The clerk's card of the only order that waits. */
async function waiting(desk: Page, words: Words) {
  await desk.goto('/transfers')
  const card = desk.getByRole('listitem').filter({ hasText: words.t('certificate:transfers.state.waiting') })
  await expect(card).toHaveCount(1)
  return card
}

async function amount(page: Page, words: Words, yuan: string) {
  await page.locator('[name=amount]').fill(yuan)
  await press(page, words.t('signing:organization.amount_submit'))
}

const begun = async (page: Page, words: Words, envelope: { rcp: string; link: string }, who: Person) => {
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(who)
  return ahead
}

test('a clerk pays what the company then tells', async ({ browser, page, server, sender, pdf, words }) => {
  const label = (key: string) => words.t(`certificate:transfers.${key}`)
  const desk = await administrator(browser, server)
  await desk.goto('/transfers')
  await expect(desk.getByText(label('empty_text'))).toBeVisible()
  await expectAccessible(desk)
  const envelope = await sent(sender, pdf, words, { name: agent.name, organization: company.name })
  const ahead = await begun(page, words, envelope, agent)
  await order(page, words, ahead, company)
  await expectAccessible(page)

  const card = await waiting(desk, words)
  await expect(card).not.toContainText(company.account_number)
  await expectAccessible(desk)
  await press(desk, label('view'))
  await expect(card).toContainText(company.account_number)
  await expectAccessible(desk)
  const due = ((await card.locator('dd').first().textContent()) ?? '').replace('¥', '')
  await press(desk, label('sent'))
  await expect(card.getByText(words.t('problem:reference_required'))).toBeVisible()
  await look(desk)
  await desk.getByLabel(label('reference')).fill('B20261124-0007')
  await press(desk, label('sent'))
  await expect(desk.getByText(label('state.sent'), { exact: true })).toBeVisible()
  await expect(desk.getByText('B20261124-0007')).toBeVisible()
  await expect(desk.locator('main'), 'the amount is gone').not.toContainText(due)
  await expectAccessible(desk)
  await desk.context().close()

  // The company's page has waited, and goes on by itself.
  await expect(page.locator('[name=amount]')).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page)
  await amount(page, words, due)
  await page.waitForURL('**/document')
  expect((await ahead.ceremony()).organization.state).toBe('verified')
})

test('an account that fails is named anew; three wrong amounts lock', async ({
  browser,
  page,
  server,
  sender,
  pdf,
  words,
}) => {
  const label = (key: string) => words.t(`certificate:transfers.${key}`)
  const desk = await administrator(browser, server)
  const envelope = await sent(sender, pdf, words, { name: sealer.name, organization: sealed.name })
  const ahead = await begun(page, words, envelope, sealer)
  await order(page, words, ahead, sealed)
  await waiting(desk, words)
  await press(desk, label('view'))
  await desk.getByLabel(label('why')).selectOption('account_name')
  await press(desk, label('failed'))
  await expect(desk.getByText(label('reason.account_name'), { exact: false }).first()).toBeVisible()
  await look(desk)

  await page.reload()
  await expect(page.getByText(words.t('signing:organization.refused.account_name'))).toBeVisible()
  await expectAccessible(page)
  await account(page, words, sealed)
  const { items } = await (await desk.request.get('/api/v1/transfers')).json()
  const path = `transfers/${items.find(({ state }: { state: string }) => state === 'waiting').id}`
  const { amount_fen } = await post(desk.request, `${path}/view`, {})
  await post(desk.request, `${path}/sent`, { reference: 'B20261124-0008' })
  await desk.context().close()

  await page.reload()
  await amount(page, words, 'a few fen')
  await expect(page.getByText(words.t('signing:organization.amount_invalid'))).toBeVisible()
  const wrong = amount_fen === 99 ? '0.98' : '0.99'
  for (const left of [2, 1]) {
    await amount(page, words, wrong)
    await expect(page.getByText(words.t('problem:amount_wrong', { tries_left: left }))).toBeVisible()
  }
  await expectAccessible(page)
  await amount(page, words, wrong)
  const locked = page.getByText(words.like('signing:organization.locked'))
  await expect(locked).toBeVisible()
  await expect(page.getByRole('radio', { name: words.t('signing:organization.way_name.payment') })).toHaveCount(0)
  await expectAccessible(page)
  await page.reload()
  await expect(locked, 'the lock outlives the page').toBeVisible()
  await expect(page.locator('[name=amount]')).toHaveCount(0)
  const { organization } = await ahead.ceremony()
  const hours = (new Date(organization.locked_until).getTime() - Date.now()) / 3_600_000
  expect(Math.round(hours)).toBe(24)
  // Not even the right amount helps now.
  const late = await page.request.post(`/api/v1/signing/${ahead.rcp}/organization/payment/confirm`, {
    data: { amount_fen },
  })
  expect(late.ok()).toBe(false)
})
