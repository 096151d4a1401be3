import type { Browser, Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { administrator } from '../support/office'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const passport = { name: '林雪', number: 'E12345678' }
/** Its machine-readable zone, and that of the passport after it. */
const zone = 'P<CHNLIN<<XUE<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nE123456782CHN9001011F3401011<<<<<<<<<<<<<<<2'
const another = 'P<CHNLIN<<XUE<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nE123456793CHN9001011F3401011<<<<<<<<<<<<<<<0'
const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** A picture of something that looks like a document. */
async function photograph(browser: Browser, text: string): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 900, height: 600 } })
  await page.setContent(`<body style="background:#7a2430;color:#fff;font:48px serif;padding:80px">${text}</body>`)
  const picture = await page.screenshot({ type: 'jpeg' })
  await page.close()
  return picture
}

/** Chooses the way by pictures, and agrees to it. */
async function begin(page: Page, words: Words) {
  await page.getByLabel(words.t('signing:identity.document'), { exact: true }).selectOption('passport_cn')
  await page.locator('[name=name]').fill(passport.name)
  await page.locator('[name=id_number]').fill(passport.number)
  await press(page, words.t('signing:identity.other_way'))
  await page.getByRole('radio', { name: words.t('signing:identity.method.document_photo') }).check()
  await expect(page.locator('[name=phone]')).toHaveCount(0)
  await press(page, words.t('signing:identity.submit_photo'))
  await expect(page.getByText(words.t('signing:identity.photo_missing'))).toBeVisible()
  await page.getByRole('checkbox').check()
  await press(page, words.t('signing:identity.submit_photo'))
}

test('a photographed passport is looked at by an administrator, and its holder signs', async ({
  browser,
  page,
  server,
  sender,
  pdf,
  words,
}) => {
  const theirs = await administrator(browser, server)
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, passport))
  await ahead.open('identity')
  await begin(page, words)

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:pictures.title'))
  await press(page, words.t('signing:pictures.submit'))
  await expect(page.getByText(words.t('signing:pictures.missing')).first()).toBeVisible()
  await look(page)
  for (const [at, text] of [
    [0, `PASSPORT ${passport.number}`],
    [1, 'holding it'],
  ] as const) {
    const buffer = await photograph(browser, text)
    await page.locator('input[type=file]').nth(at).setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer })
    await expect(page.getByText(words.t('signing:pictures.brought'))).toHaveCount(at + 1)
  }
  await expectAccessible(page)
  await press(page, words.t('signing:pictures.submit'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:identity.review.title'))
  await expectAccessible(page)

  await theirs.goto('/reviews')
  await theirs.locator('main li a').first().click()
  await press(theirs, words.t('review:claim'))
  await expect(theirs.getByText(passport.number, { exact: true })).toBeVisible()
  await expect(theirs.locator('figure img').first()).toBeVisible()
  await expectAccessible(theirs)
  // By keyboard: the picture opens and closes.
  await theirs.locator('figure button').first().press('Enter')
  await expect(theirs.getByRole('dialog')).toBeVisible()
  await theirs.keyboard.press('Escape')
  await press(theirs, words.t('review:approve'))
  await expect(theirs.getByText(words.t('review:unchecked'))).toBeVisible()
  for (const box of await theirs.getByRole('checkbox').all()) await box.check()
  // A zone that is another's is in the way of a yes; this one's is said with the decision.
  await theirs.locator('[name=zone]').fill(another)
  await press(theirs, words.t('review:zone.compare'))
  await expect(theirs.getByText(words.t('review:zone.result.number_differs'), { exact: true })).toBeVisible()
  await press(theirs, words.t('review:approve'))
  await expect(theirs.getByText(words.t('problem:review_zone_number_differs'))).toBeVisible()
  await theirs.locator('[name=zone]').fill(zone)
  await press(theirs, words.t('review:zone.compare'))
  await expect(theirs.getByText(words.t('review:zone.result.agrees'), { exact: true })).toBeVisible()
  await look(theirs)
  await expectAccessible(theirs)
  await press(theirs, words.t('review:approve'))
  await expect(theirs.getByText(words.t('review:state.approved'), { exact: true }).first()).toBeVisible()
  await expect(
    theirs.getByText(`${words.t('review:zone.said')}: ${words.t('review:zone.result.agrees')}`),
  ).toBeVisible()
  await theirs.context().close()

  await page.waitForURL('**/document')
  const { identity } = await ahead.ceremony()
  expect([identity.assurance, identity.how]).toEqual(['substantial', ['document', 'presented']])
  const who = { ...passport, id_number: passport.number, phone: '', pin: '749281' }
  await ahead.read()
  await ahead.typeSignature(who)
  await ahead.makeKey(who)
  await ahead.open('confirm')
  await page.locator('[name=pin]').fill(who.pin)
  await press(page, words.t('signing:confirm.sign'))
  await page.waitForURL('**/done', { timeout: 30_000 })
})
