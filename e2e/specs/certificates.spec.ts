import type { APIRequestContext } from '@playwright/test'
import { signUp } from '../support/api'
import { expect, expectAccessible, test } from '../support/test'

/** An account that administers, its request context and its address. */
async function administrator(request: APIRequestContext, add: (email: string) => Promise<void>): Promise<string> {
  await signUp(request)
  const { account } = await (await request.get('/api/v1/session')).json()
  await add(account.email)
  return account.email
}

test('a certificate is taken away by two administrators, and its subject sees their own', async ({
  browser,
  page,
  playwright,
  server,
  words,
}) => {
  const label = (key: string, values?: Record<string, string>) => words.t(`certificate:${key}`, values)
  const second = await playwright.request.newContext({ baseURL: server.url })
  const add = (email: string) => server.administer(email)
  await administrator(page.request, add)
  await administrator(second, add)

  await page.goto('/certificates')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(label('mine.title'))
  await expect(page.getByText(label('mine.unlinked'))).toBeVisible()
  await expectAccessible(page)

  await page.goto('/ca')
  await expect(page.getByRole('heading', { name: 'Vermilion Test Person CA', exact: true })).toBeVisible()
  await expectAccessible(page)

  await page.getByRole('tab', { name: label('ca.tab_certificates') }).click()
  await page.getByRole('searchbox').fill('Evidence')
  await expect(page.getByRole('heading', { name: 'Vermilion Test Evidence Log' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Vermilion Test Platform' })).toHaveCount(0)
  await page.getByRole('button', { name: label('history.open') }).click()
  await expect(page.getByText(label('event.issued'), { exact: true })).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')

  // Asked for over the API: the page offers no change of the platform's own keys.
  const found = await (await page.request.get('/api/v1/ca/certificates?q=Evidence')).json()
  const asked = await page.request.post(`/api/v1/ca/certificates/${found.items[0].id}/requests`, {
    data: { action: 'revoke', reason: 'superseded' },
  })
  expect(asked.ok(), await asked.text()).toBe(true)
  await page.goto('/ca#requests')
  await expect(page.getByText(label('requests.second'))).toBeVisible()
  await expect(page.getByRole('button', { name: label('requests.approve') })).toHaveCount(0)
  await expectAccessible(page)

  const other = await browser.newContext({ storageState: await second.storageState(), baseURL: server.url })
  const theirs = await other.newPage()
  await theirs.goto('/ca#requests')
  await theirs.locator('main').getByRole('button').first().click()
  await expect(theirs.locator('main').getByRole('button')).toHaveCount(0)
  await other.close()
  await page.reload()
  await expect(page.getByText(label('requests.approved'))).toBeVisible()
  await second.dispose()
})

test('nobody else finds the console', async ({ page, words }) => {
  await signUp(page.request)
  await page.goto('/ca')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('common:not_found.title'))
})
