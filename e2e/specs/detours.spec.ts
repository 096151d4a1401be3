import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { forgetter, guesser, sealed, sealer, typist } from '../support/people'
import { expect, expectAccessible, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test('five wrong PINs lock the key, and the page says until when', async ({ page, sender, pdf, words }) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, guesser))
  await ahead.identify(guesser)
  await ahead.read()
  await ahead.typeSignature(guesser)
  await ahead.makeKey(guesser)
  await ahead.open('confirm')
  for (const left of [4, 3, 2, 1]) {
    await page.locator('[name=pin]').fill('111222')
    await press(page, words.t('signing:confirm.sign'))
    await expect(page.getByText(words.t('problem:pin_wrong', { tries_left: left }))).toBeVisible()
  }
  await page.locator('[name=pin]').fill('111222')
  await press(page, words.t('signing:confirm.sign'))
  const locked = page.getByText(words.like('signing:confirm.locked')).first()
  await expect(locked).toBeVisible()
  const { key } = await ahead.ceremony()
  const until = new Date(key.locked_until)
  expect(until.getTime() - Date.now()).toBeGreaterThan(13 * 60_000)
  expect(until.getTime() - Date.now()).toBeLessThanOrEqual(15 * 60_000)
  await expect(locked).toContainText(String(until.getMinutes()).padStart(2, '0'))
  await expect(page.locator('[name=pin]')).toHaveCount(0)
  await expect(page.getByRole('button', { name: words.t('signing:confirm.sign') })).toBeDisabled()
  await expectAccessible(page)
  await page.reload()
  await expect(locked).toBeVisible()
})

test('a forgotten PIN leads to another certificate, under a PIN of its own', async ({ page, sender, pdf, words }) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, forgetter))
  await ahead.identify(forgetter)
  await ahead.read()
  await ahead.typeSignature(forgetter)
  await ahead.makeKey(forgetter)
  const { serial } = (await ahead.ceremony()).certificate
  await ahead.open('confirm')
  await press(page, words.t('signing:key.forgot'))
  await expect(page.getByRole('dialog')).toBeVisible()
  await expectAccessible(page)
  await press(page, words.t('signing:key.forgot_confirm'))
  await page.waitForURL('**/identity')
  await ahead.identify(forgetter)
  await ahead.open('key')
  await choosePin(page, words, '194726')
  await page.waitForURL('**/confirm')
  const { certificate } = await ahead.ceremony()
  expect(certificate.serial).not.toBe(serial)
  await page.locator('[name=pin]').fill(forgetter.pin)
  await press(page, words.t('signing:confirm.sign'))
  await expect(page.getByText(words.t('problem:pin_wrong', { tries_left: 4 }))).toBeVisible()
  await sign(page, words, '194726', 'sign')
})

test('a name is typed instead of drawn, and is there the next time', async ({ page, sender, pdf, words }) => {
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, typist))
  await ahead.identify(typist)
  await ahead.read()
  await ahead.open('impression')
  await page.getByRole('tab', { name: words.t('signing:impression.tab_type') }).click()
  const name = page.getByLabel(words.t('signing:impression.typed_name'))
  await expect(name).toHaveValue(typist.name)
  await name.fill('')
  await press(page, words.t('signing:impression.use_signature'))
  await expect(page.getByText(words.t('problem:impression_empty'))).toBeVisible()
  await name.fill(typist.name)
  await expect(page.getByRole('img', { name: words.t('signing:impression.drawn_alt') })).toBeVisible()
  await expectAccessible(page)
  await press(page, words.t('signing:impression.use_signature'))
  // Another contract may have given them a key before.
  await page.waitForURL(/\/(key|confirm)$/)
  if (page.url().endsWith('/key')) await choosePin(page, words, typist.pin)
  await page.waitForURL('**/confirm')
  await expect(page.getByRole('img', { name: words.t('signing:impression.drawn_alt') })).toBeVisible()
  await sign(page, words, typist.pin, 'sign')

  const again = await Ahead.consented(page, words, await sent(sender, pdf, words, typist))
  await again.identify(typist)
  await again.read()
  await again.open('impression')
  const saved = page.getByRole('tab', { name: words.t('signing:impression.tab_saved') })
  await expect(saved).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('img', { name: words.t('signing:impression.drawn_alt') }).first()).toBeVisible()
  await expectAccessible(page)
  await press(page, words.t('signing:impression.go_on'))
  await page.waitForURL('**/confirm')
})

test('a company seals with a picture of its own seal', async ({ page, sender, pdf, words }) => {
  const guest = { name: sealer.name, organization: sealed.name }
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, guest))
  await ahead.identify(sealer)
  await ahead.prove(sealed)
  await ahead.read()
  await ahead.open('impression')
  await page.getByRole('tab', { name: words.t('signing:impression.tab_upload') }).click()
  await press(page, words.t('signing:impression.use_seal'))
  await expect(page.getByText(words.t('problem:impression_missing'))).toBeVisible()
  const picture = page.locator('input[type=file]')
  await picture.setInputFiles({ name: 'seal.txt', mimeType: 'text/plain', buffer: Buffer.from('seal') })
  await expect(page.getByText(words.t('problem:impression_image_invalid_format'))).toBeVisible()
  await picture.setInputFiles({ name: 'seal.png', mimeType: 'image/png', buffer: await sealPicture(page) })
  await expect(page.getByText(words.t('signing:impression.upload_selected', { name: 'seal.png' }))).toBeVisible()
  await expect(page.getByRole('img', { name: words.t('signing:impression.seal_alt') })).toBeVisible()
  await expectAccessible(page)
  await press(page, words.t('signing:impression.use_seal'))
  await page.waitForURL('**/key')
  await choosePin(page, words, sealer.pin)
  await page.waitForURL('**/confirm')
  await expect(page.getByRole('img', { name: words.t('signing:impression.seal_alt') })).toBeVisible()
  await sign(page, words, sealer.pin, 'seal')
})

test('the text of the document can be selected by mouse', async ({ page, sender, pdf, words, isMobile }) => {
  test.skip(isMobile, 'a finger selects by a long press, which the browser does on its own')
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, { name: guesser.name }))
  await ahead.identify(guesser)
  await ahead.open('document')
  const line = page.locator('[data-page="1"] span', { hasText: 'VM-850' }).first()
  const box = await line.boundingBox()
  if (!box) throw new Error('the text has no place')
  await page.mouse.move(box.x + 4, box.y + box.height / 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height / 2, { steps: 6 })
  await page.mouse.up()
  expect(await page.evaluate(() => String(getSelection()))).not.toBe('')
  // The place to sign, which lies over the page, still takes the pointer.
  await page.getByRole('button', { name: words.t('signing:document.sign_here') }).click()
  await page.waitForURL('**/impression')
})

async function choosePin(page: Page, words: Words, pin: string) {
  await page.locator('[name=pin]').fill(pin)
  await page.locator('[name=pin-again]').fill(pin)
  await press(page, words.t('signing:key.submit'))
}

async function sign(page: Page, words: Words, pin: string, act: 'sign' | 'seal') {
  await page.locator('[name=pin]').fill(pin)
  await press(page, words.t(`signing:confirm.${act}`))
  await page.waitForURL('**/done', { timeout: 30_000 })
}

/** A red ring with a star's place in it, on clear ground, as a scanner's software would save it. */
async function sealPicture(page: Page): Promise<Buffer> {
  const base64 = await page.evaluate(() => {
    const canvas = document.createElement('canvas')
    canvas.width = 480
    canvas.height = 480
    const pen = canvas.getContext('2d')
    if (!pen) throw new Error('no canvas')
    pen.strokeStyle = '#c5341f'
    pen.fillStyle = '#c5341f'
    pen.lineWidth = 16
    pen.beginPath()
    pen.arc(240, 240, 220, 0, 2 * Math.PI)
    pen.stroke()
    pen.fillRect(190, 190, 100, 100)
    return canvas.toDataURL('image/png').split(',')[1] ?? ''
  })
  return Buffer.from(base64, 'base64')
}
