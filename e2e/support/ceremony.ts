import { expect, type Page } from '@playwright/test'
import { newestCode } from './outbox'
import { type agent, company, type signer } from './people'
import { look, settled, thorough } from './test'
import type { Words } from './words'

/** The step in the address; the same after a reload. */
export async function atStep(page: Page, step: string) {
  await page.waitForURL(`**/sign/*/${step}`)
  await settled(page)
  await look(page)
  if (!thorough()) return
  await page.reload()
  await settled(page)
  await expect(page).toHaveURL(new RegExp(`/sign/[^/]+/${step}$`))
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Opens the link, reads the request and consents. The secret is gone from the address bar. */
export async function begin(page: Page, words: Words, link: string) {
  await page.goto(link)
  await atStep(page, 'request')
  expect(new URL(page.url()).hash).toBe('')
  await press(page, words.t('signing:actions.continue'))
  await atStep(page, 'consent')
  await press(page, words.t('signing:consent.agree'))
  await expect(page.getByText(words.t('signing:consent.check_missing'))).toBeVisible()
  await page.getByRole('checkbox').check()
  await press(page, words.t('signing:consent.agree'))
  await page.waitForURL('**/identity')
}

/** Wrong data first, which is refused with its reason; then the code from the outbox, in another tab. */
export async function identify(page: Page, words: Words, who: typeof signer | typeof agent) {
  await atStep(page, 'identity')
  const submit = () => press(page, words.t('signing:identity.submit'))
  await page.locator('[name=name]').fill(who.name)
  await page.locator('[name=id_number]').fill(`${who.id_number.slice(0, 17)}${who.id_number.endsWith('0') ? '1' : '0'}`)
  await page.locator('[name=phone]').fill(who.phone)
  await submit()
  await expect(page.getByText(words.t('problem:id_number_invalid_checksum'))).toBeVisible()
  await page.locator('[name=id_number]').fill(who.id_number)
  await submit()
  await expect(page.locator('[name=code]')).toBeVisible()
  await atStep(page, 'identity')
  await expect(page.locator('[name=code]')).toBeVisible()
  const outbox = await page.context().newPage()
  const code = await newestCode(outbox)
  await outbox.close()
  await page.locator('[name=code]').fill(code)
  await press(page, words.t('signing:identity.code_submit'))
}

/** Registry, payment, amount: the amount as the sandbox bank shows it. */
export async function proveCompany(page: Page, words: Words) {
  await atStep(page, 'organization')
  await page.locator('[name=credit_code]').fill(company.credit_code)
  await page.locator('[name=legal_representative]').fill(company.legal_representative)
  await press(page, words.t('signing:organization.submit'))
  await expect(page.locator('[name=account_number]')).toBeVisible()
  await atStep(page, 'organization')
  await page.locator('[name=account_number]').fill(company.account_number)
  await press(page, words.t('signing:organization.account_submit'))
  await expect(page.locator('[name=amount]')).toBeVisible()
  await atStep(page, 'organization')
  const bank = await page.context().newPage()
  await bank.goto('/sandbox#bank')
  await look(bank)
  const amount = await bank.locator('dd button').first().textContent()
  await bank.close()
  await page.locator('[name=amount]').fill((amount ?? '').trim())
  await press(page, words.t('signing:organization.amount_submit'))
}

/** Reads, fills what there is to fill by the list, and goes on to the signature or seal. */
export async function fillIn(page: Page, words: Words, text: string | null) {
  await atStep(page, 'document')
  await expect(page.locator('canvas[data-drawn]').first()).toBeVisible()
  await expect(page.locator('[data-page="1"]')).toContainText('VM-850')
  if (text) {
    await press(page, words.t('signing:header.more'))
    await page.getByRole('menuitem', { name: words.t('signing:document.menu_list') }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('textbox').first().fill(text)
    await expect(page.getByText(words.t('signing:document.saved'))).toBeAttached()
    await press(page, words.t('signing:actions.continue'))
    await expect(sheet).toBeHidden()
  }
  await page.reload()
  await expect(page.locator('canvas[data-drawn]').first()).toBeVisible()
  if (text)
    await expect(page.getByText(words.t('signing:document.left', { left: 1, total: text ? 3 : 1 }))).toBeVisible()
}

export async function goOnTo(page: Page, words: Words, what: 'signature' | 'seal') {
  await press(page, words.t(`signing:document.next_${what}`))
  await press(page, words.t(`signing:document.finish_${what}`))
}

/** Draws a signature on the pad, with one stroke taken back. */
export async function draw(page: Page, words: Words) {
  await atStep(page, 'impression')
  await press(page, words.t('signing:impression.draw_open'))
  const pad = page.locator('canvas')
  await expect(pad).toBeVisible()
  await look(page)
  await strokes(page)
  await press(page, words.t('signing:impression.undo'))
  await press(page, words.t('signing:impression.use_signature'))
}

/** Three strokes on the open pad. */
export async function strokes(page: Page) {
  const box = await page.locator('canvas').boundingBox()
  if (!box) throw new Error('the pad has no place')
  for (const row of [0.35, 0.5, 0.65]) {
    await page.mouse.move(box.x + box.width * 0.2, box.y + box.height * row)
    await page.mouse.down()
    for (let at = 0; at <= 12; at += 1) {
      const wave = 0.06 * Math.sin(at)
      await page.mouse.move(box.x + box.width * (0.2 + at * 0.05), box.y + box.height * (row + wave))
    }
    await page.mouse.up()
  }
}

/** The seal that the server draws, after a look at another kind. */
export async function chooseSeal(page: Page, words: Words) {
  await atStep(page, 'impression')
  const preview = page.getByRole('img', { name: words.t('signing:impression.seal_alt') })
  await expect(preview).toBeVisible()
  const first = await preview.getAttribute('src')
  await page.getByRole('radio', { name: words.t('signing:impression.purpose_finance') }).click()
  await expect.poll(() => preview.getAttribute('src')).not.toBe(first)
  await page.getByRole('radio', { name: words.t('signing:impression.purpose_contract') }).click()
  await expect.poll(() => preview.getAttribute('src')).toBe(first)
  await press(page, words.t('signing:impression.use_seal'))
}

export async function choosePin(page: Page, words: Words, pin: string) {
  await atStep(page, 'key')
  await page.locator('[name=pin]').fill('123456')
  await page.locator('[name=pin-again]').fill('123456')
  await press(page, words.t('signing:key.submit'))
  await expect(page.locator('[name=pin][aria-invalid=true]')).toBeVisible()
  await page.locator('[name=pin]').fill(pin)
  await page.locator('[name=pin-again]').fill(pin)
  await press(page, words.t('signing:key.submit'))
}

/** A wrong PIN first: the tries that are left are said, and nothing is signed. */
export async function confirm(page: Page, words: Words, pin: string, act: 'sign' | 'seal') {
  await atStep(page, 'confirm')
  await page.locator('[name=pin]').fill('999888')
  await press(page, words.t(`signing:confirm.${act}`))
  await expect(page.getByText(words.like('problem:pin_wrong'))).toBeVisible()
  await page.locator('[name=pin]').fill(pin)
  await press(page, words.t(`signing:confirm.${act}`))
  await page.waitForURL('**/done', { timeout: 30_000 })
}

export async function download(page: Page, words: Words, path: string) {
  const started = page.waitForEvent('download')
  await page.getByRole('link', { name: words.t('signing:done.download') }).click()
  await (await started).saveAs(path)
}
