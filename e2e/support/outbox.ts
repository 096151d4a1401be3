import { expect, type Page } from '@playwright/test'

/** The newest message to someone, as the outbox page shows it. */
async function newest(page: Page, search: string) {
  await page.goto('/outbox')
  await page.getByRole('searchbox').fill(search)
  const item = page.locator('li[data-channel]').filter({ hasText: search }).first()
  await expect(item).toBeVisible()
  return item
}

export async function linkFor(page: Page, address: string): Promise<string> {
  const item = await newest(page, address)
  const href = await item.locator('a[href*="#"]').first().getAttribute('href')
  expect(href).toContain('#')
  return href ?? ''
}

/** The newest code by SMS; the outbox shows phones masked or whole, so the channel is what is looked for. */
export async function newestCode(page: Page): Promise<string> {
  await page.goto('/outbox')
  const code = page.locator('li[data-channel=sms] button').first()
  await expect(code).toBeVisible()
  return ((await code.textContent()) ?? '').replace(/\D/g, '')
}
