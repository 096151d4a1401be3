import { expect, type Page } from '@playwright/test'
import { linkFor } from './outbox'
import { agent, company, sender, signer } from './people'
import { look, settled } from './test'
import type { Words } from './words'

/** Signs up, and verifies the e-mail through the outbox. */
export async function signUp(page: Page, words: Words) {
  await page.goto('/')
  await look(page)
  await page.goto('/signup')
  await look(page)
  await page.locator('[name=name]').fill(sender.name)
  await page.locator('[name=email]').fill(sender.email)
  await page.locator('[name=password]').fill(sender.password)
  await page.getByRole('button', { name: words.t('account:signup.submit') }).click()
  await page.waitForURL('**/verify-email**')
  await look(page)
  const link = await linkFor(page, sender.email)
  await look(page)
  await page.goto(link)
  await page.locator('[name=password]').fill(sender.password)
  await look(page)
  await page.getByRole('button', { name: words.t('account:verify.submit') }).click()
  await page.waitForURL('**/envelopes')
  await look(page)
}

const next = (page: Page, words: Words, step: string) =>
  page.getByRole('button', { name: words.t('envelope:next_step', { step: words.t(`envelope:step.${step}`) }) }).click()

/** A draft with the PDF in it. */
export async function upload(page: Page, words: Words, pdf: Buffer, title: string) {
  await page.goto('/envelopes/new')
  await page.waitForURL('**/edit/documents')
  await look(page)
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'contract.pdf', mimeType: 'application/pdf', buffer: pdf })
  await expect(page.getByRole('button', { name: words.t('common:remove') })).toBeVisible()
  await page.getByLabel(words.t('envelope:title_label')).fill(title)
  await look(page)
  await next(page, words, 'recipients')
  await page.waitForURL('**/edit/recipients')
}

/** First a person, then a company. */
export async function addRecipients(page: Page, words: Words) {
  const label = (key: string) => words.t(`envelope:recipient.${key}`)
  await look(page)
  await page.getByRole('button', { name: label('add_person') }).click()
  const person = page.getByRole('listitem').filter({ has: page.getByLabel(label('name'), { exact: true }) })
  await person.getByLabel(label('name'), { exact: true }).fill(signer.name)
  await person.getByLabel(label('email')).fill(signer.email)
  await person.getByLabel(label('language')).selectOption(words.locale)
  await page.getByRole('button', { name: label('add_organization') }).click()
  const organization = page.getByRole('listitem').filter({ has: page.getByLabel(label('agent'), { exact: true }) })
  await organization.getByLabel(label('organization'), { exact: true }).fill(company.name)
  await organization.getByLabel(label('agent'), { exact: true }).fill(agent.name)
  await organization.getByLabel(label('email')).fill(agent.email)
  await organization.getByLabel(label('language')).selectOption(words.locale)
  await look(page)
  await next(page, words, 'fields')
  await page.waitForURL('**/edit/fields')
}

/** The person's signature by drag, everything else by keyboard; each field is moved to its place by its keys. */
export async function placeFields(page: Page, words: Words) {
  const type = (name: string) => words.t(`editor:type.${name}`)
  const tool = (name: string) => page.getByRole('button', { name: type(name), exact: true })
  const fields = page.locator('button[data-field]')
  await expect(page.locator('canvas[data-drawn]').first()).toBeVisible()
  await look(page)

  await page.getByRole('button', { name: signer.name, exact: true }).click()
  await dragOnto(page, tool('signature'), { x: 0.73, y: 0.3 })
  await expect(fields).toHaveCount(1)
  await fields.focus()
  await move(page, [['ArrowDown', 36]])
  await byKeyboard(page, tool('date'), [
    ['ArrowDown', 30],
    ['ArrowRight', 12],
  ])
  await byKeyboard(page, tool('text'), [['ArrowDown', 11]])
  await expect(fields).toHaveCount(3)
  await page.getByRole('button', { name: company.name, exact: true }).click()
  await byKeyboard(page, tool('seal'), [
    ['ArrowDown', 22],
    ['ArrowLeft', 13],
  ])
  await expect(fields).toHaveCount(4)
  await expect(page.locator('[data-page="1"] button[data-field]')).toHaveCount(4)
  await look(page)
  await next(page, words, 'review')
  await page.waitForURL('**/edit/review')
}

async function dragOnto(page: Page, tool: ReturnType<Page['getByRole']>, at: { x: number; y: number }) {
  const from = await tool.boundingBox()
  const paper = await page.locator('[data-page="1"]').boundingBox()
  if (!from || !paper) throw new Error('nothing to drag, or nowhere to drop it')
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(paper.x + paper.width * 0.5, paper.y + paper.height * 0.2, { steps: 5 })
  await page.mouse.move(paper.x + paper.width * at.x, paper.y + paper.height * at.y, { steps: 5 })
  await page.mouse.up()
}

/** By its arrow keys, ten points at a time. */
async function move(page: Page, moves: [string, number][]) {
  for (const [arrow, times] of moves) {
    for (let count = 0; count < times; count += 1) await page.keyboard.press(`Shift+${arrow}`)
  }
}

async function byKeyboard(page: Page, tool: ReturnType<Page['getByRole']>, moves: [string, number][]) {
  // The page may still be on its way to the field that was moved last.
  await expect
    .poll(() =>
      page.evaluate(() => {
        window.scrollTo(0, 0)
        return window.scrollY
      }),
    )
    .toBe(0)
  await tool.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('button[data-field]:focus')).toBeVisible()
  await move(page, moves)
}

export async function send(page: Page, words: Words): Promise<string> {
  await look(page)
  await page.getByLabel(words.t('envelope:review.message')).fill('Please sign by Friday. 请于周五前签署。')
  await page.getByRole('button', { name: words.t('envelope:review.send') }).click()
  await page.waitForURL(/\/envelopes\/env_[^/]+$/)
  await settled(page)
  await look(page)
  return page.url()
}
