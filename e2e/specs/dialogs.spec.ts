import type { BrowserContext, Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { draft, sent } from '../support/api'
import { guesser } from '../support/people'
import { expect, expectAccessible, settled, test } from '../support/test'

test('a draft is deleted once it is asked whether that is meant', async ({ context, page, sender, pdf, words }) => {
  await logIn(context, sender)
  const { id } = await draft(sender, pdf, words, guesser)
  await page.goto(`/envelopes/${id}/edit/recipients`)
  await settled(page)
  const more = page.getByRole('button', { name: words.t('envelope:delete.more') })
  const open = async () => {
    await more.click()
    await page.getByRole('menuitem', { name: words.t('envelope:delete.draft') }).click()
  }
  await open()
  const dialog = page.getByRole('dialog', { name: words.t('envelope:delete.title') })
  await expect(dialog.getByRole('button', { name: words.t('envelope:delete.keep') })).toBeFocused()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await expect(more).toBeFocused()
  await open()
  await dialog.getByRole('button', { name: words.t('envelope:delete.draft') }).click()
  await page.waitForURL('**/envelopes')
  expect((await sender.get(`/api/v1/envelopes/${id}`)).status()).toBe(404)
})

test('a sent envelope is taken back with a reason', async ({ context, page, sender, pdf, words }) => {
  await logIn(context, sender)
  const { id } = await sent(sender, pdf, words, guesser)
  await page.goto(`/envelopes/${id}`)
  await settled(page)
  await page.getByRole('button', { name: words.t('envelope:void.open') }).click()
  const dialog = page.getByRole('dialog', { name: words.t('envelope:void.title') })
  await expect(dialog.getByRole('textbox')).toBeFocused()
  await expect(dialog.getByRole('button', { name: words.t('envelope:void.confirm') })).toBeDisabled()
  await expectAccessible(page)
  await dialog.getByRole('textbox').fill('A new version follows. 另发新版。')
  await dialog.getByRole('button', { name: words.t('envelope:void.confirm') }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByText(words.t('common:envelope_status.voided')).first()).toBeVisible()
  await expectAccessible(page)
})

test('menus and panels of the sender are accessible while open', async ({
  context,
  page,
  sender,
  pdf,
  words,
  isMobile,
}) => {
  await logIn(context, sender)
  const { id } = await draft(sender, pdf, words, guesser)
  await page.goto('/envelopes')
  await settled(page)
  await page.getByRole('button', { name: words.like('common:nav.account') }).click()
  await expect(page.getByRole('menu')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  if (isMobile) {
    await page.getByRole('button', { name: words.t('common:nav.open') }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
  }
  await page.goto(`/envelopes/${id}/edit/fields`)
  await expect(page.locator('canvas[data-drawn]').first()).toBeVisible()
  if (isMobile) {
    const oneField = words.t(`editor:bar.fields_${words.locale === 'en' ? 'one' : 'other'}`, { count: 1 })
    await page.getByRole('button', { name: oneField }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
  }
  await page.getByRole('button', { name: words.t('editor:type.date'), exact: true }).click()
  await page.locator('[data-page="1"]').click({ position: { x: 120, y: 60 } })
  await expect(page.locator('button[data-field]'), 'a click on the page puts the chosen field there').toHaveCount(2)
})

test('menus, help and the list of the signer are accessible while open', async ({ page, sender, pdf, words }) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, guesser))
  await ahead.identify(guesser)
  await ahead.open('document')
  await expect(page.locator('canvas[data-drawn]').first()).toBeVisible()
  await page.getByRole('button', { name: words.t('signing:header.help') }).click()
  await opened(page)
  const more = page.getByRole('button', { name: words.t('signing:header.more') })
  await more.click()
  await expect(page.getByRole('menu')).toBeVisible()
  await expectAccessible(page)
  await page.getByRole('menuitem', { name: words.t('signing:document.menu_list') }).click()
  await opened(page)
})

async function opened(page: Page) {
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
}

/** The page's browser holds the session of the sender's requests. */
async function logIn(
  context: BrowserContext,
  sender: { storageState: () => ReturnType<BrowserContext['storageState']> },
) {
  await context.addCookies((await sender.storageState()).cookies)
}
