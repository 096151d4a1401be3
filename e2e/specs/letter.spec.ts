import { readFile } from 'node:fs/promises'
import type { Browser, Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { administrator } from '../support/office'
import { agent, sealed as company } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** A scan of a letter on paper, with or without the company's seal on it. */
async function scan(browser: Browser, sealed: boolean): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 900, height: 1270 } })
  const ring = 'position:absolute;left:520px;top:900px;width:220px;height:220px;border:8px solid #c5341f;border-radius:50%'
  const seal = sealed ? `<div style="${ring}"></div>` : ''
  await page.setContent(`<body style="padding:90px;font:24px/2 serif"><h1>授权委托书</h1><p>${company.name}</p>${seal}`)
  const picture = await page.screenshot({ type: 'jpeg' })
  await page.close()
  return picture
}

/** The letter, brought back and sent in. */
async function bring(page: Page, words: Words, buffer: Buffer) {
  await page.locator('input[type=file]').setInputFiles({ name: 'letter.jpg', mimeType: 'image/jpeg', buffer })
  await expect(page.getByText(words.t('signing:pictures.brought'))).toBeVisible()
  await look(page)
  await press(page, words.t('signing:pictures.submit'))
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:letter.wait_title'))
}

/** The administrator has the letter in hand. */
async function claim(desk: Page, words: Words) {
  await desk.goto('/reviews')
  await desk.locator('main li a').first().click()
  await press(desk, words.t('review:claim'))
  await expect(desk.locator('figure img')).toBeVisible()
}

test('a letter on paper is sealed, asked for again, read, and the company is verified', async ({
  browser,
  page,
  server,
  sender,
  pdf,
  words,
}, info) => {
  const desk = await administrator(browser, server)
  const envelope = await sent(sender, pdf, words, { name: agent.name, organization: company.name })
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(agent)
  await ahead.open('organization')
  await page.locator('[name=credit_code]').fill(company.credit_code)
  await page.locator('[name=legal_representative]').fill(company.legal_representative)
  await press(page, words.t('signing:organization.submit'))
  await page.getByRole('radio', { name: words.t('signing:organization.way_name.letter') }).check()
  await expectAccessible(page)
  await press(page, words.t('signing:letter.start_submit'))

  const coming = page.waitForEvent('download')
  await page.getByRole('link', { name: words.t('signing:letter.download') }).click()
  const file = info.outputPath('letter.pdf')
  await (await coming).saveAs(file)
  expect((await readFile(file)).subarray(0, 5).toString()).toBe('%PDF-')
  await press(page, words.t('signing:pictures.submit'))
  await expect(page.getByText(words.t('signing:pictures.missing'))).toBeVisible()
  await expectAccessible(page)
  await bring(page, words, await scan(browser, false))
  await expectAccessible(page)

  await claim(desk, words)
  await expect(desk.getByText(company.credit_code)).toBeVisible()
  await expectAccessible(desk)
  await press(desk, words.t('review:ask'))
  const dialog = desk.getByRole('dialog')
  await dialog.getByRole('radio', { name: words.t('review:reason.unsealed') }).check()
  await look(desk)
  await dialog.getByRole('button', { name: words.t('review:ask') }).click()
  await expect(dialog).toBeHidden()

  await page.reload()
  await expect(page.getByText(words.t('signing:review_reason.unsealed'))).toBeVisible()
  await expectAccessible(page)
  await bring(page, words, await scan(browser, true))
  await claim(desk, words)
  for (const box of await desk.getByRole('checkbox').all()) await box.check()
  await press(desk, words.t('review:approve'))
  await expect(desk.getByText(words.t('review:state.approved'), { exact: true }).first()).toBeVisible()
  await desk.context().close()
  await page.waitForURL('**/document')
  expect((await ahead.ceremony()).organization.state).toBe('verified')
})
