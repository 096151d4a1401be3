import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { linkTo, post, sent } from '../support/api'
import { led, sealer, typist } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** The registry agrees: the list of the ways. */
async function check(page: Page, words: Words, ahead: Ahead) {
  await ahead.open('organization')
  await page.locator('[name=credit_code]').fill(led.credit_code)
  await page.locator('[name=legal_representative]').fill(led.legal_representative)
  await press(page, words.t('signing:organization.submit'))
  await expect(page.getByText(words.t('signing:organization.checked'))).toBeVisible()
  await look(page)
  await expectAccessible(page)
}

/** Looks into the sandbox's camera, as on another device. */
async function face(page: Page, words: Words) {
  const open = page.getByRole('link', { name: words.t('signing:identity.wait.open_browser') })
  const address = await open.getAttribute('href')
  const camera = await page.context().newPage()
  await camera.goto(address ?? '')
  await press(camera, words.t('sandbox:face.play_passed'))
  await expect(camera.getByRole('link', { name: words.t('sandbox:face.back') })).toBeVisible()
  await camera.close()
}

test('the legal representative seals in person: a face, and no payment', async ({ page, sender, pdf, words }) => {
  const guest = { name: typist.name, organization: led.name }
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, guest))
  await ahead.identify(typist)
  await check(page, words, ahead)
  await press(page, words.t('signing:organization.leader_face'))
  await expect(page.getByText(words.t('signing:identity.face_missing'))).toBeVisible()
  await page.getByRole('checkbox').check()
  await press(page, words.t('signing:organization.leader_face'))
  await page.waitForURL('**/identity')
  await face(page, words)
  await page.waitForURL('**/organization')
  await look(page)
  await press(page, words.t('signing:organization.leader_submit'))
  await page.waitForURL('**/document')
  const { organization } = await ahead.ceremony()
  expect(organization.state).toBe('verified')
})

test('the legal representative is asked by a link, shows their face and signs; the agent goes on', async ({
  page,
  browser,
  sender,
  pdf,
  words,
}) => {
  const guest = { name: sealer.name, organization: led.name }
  const ahead = await Ahead.consented(page, words, await sent(sender, pdf, words, guest))
  await ahead.identify(sealer)
  await check(page, words, ahead)
  await page.getByRole('radio', { name: words.t('signing:organization.way_name.authorization') }).check()
  await look(page)
  const contact = `leader-${Date.now().toString(36)}@example.com`
  await page.locator('[name=contact]').fill('nobody')
  await press(page, words.t('signing:organization.ask_submit'))
  await expect(page.getByText(words.t('problem:leader_contact_invalid'))).toBeVisible()
  await page.locator('[name=contact]').fill(contact)
  await press(page, words.t('signing:organization.ask_submit'))
  await expect(page.getByRole('heading', { name: words.t('signing:organization.asked_title') })).toBeVisible()
  await look(page)
  await expectAccessible(page)

  const context = await browser.newContext()
  const theirs = await context.newPage()
  const link = await linkTo(page.request, contact)
  const rcp = new URL(link).pathname.split('/').pop() ?? ''
  const leader = await Ahead.consented(theirs, words, { rcp, link })
  const { version } = (await leader.ceremony()).identity.consents
  const pending = await post(theirs.request, `signing/${rcp}/identity`, {
    name: typist.name,
    id_number: typist.id_number,
    method: 'face_alipay',
    consent: { version, locale: words.locale, face: true },
  })
  const transaction = new URL(pending.identity.page.url).pathname.split('/').pop()
  await post(theirs.request, `sandbox/faces/${transaction}`, { outcome: 'passed' })
  await post(theirs.request, `signing/${rcp}/identity/poll`, {})
  await leader.open('document')
  await look(theirs)
  await leader.read()
  await leader.typeSignature(typist)
  if ((await leader.ceremony()).step === 'key') await leader.makeKey(typist)
  await leader.open('confirm')
  await theirs.locator('[name=pin]').fill(typist.pin)
  await press(theirs, words.t('signing:confirm.sign'))
  await theirs.waitForURL('**/done', { timeout: 30_000 })
  await context.close()

  await page.waitForURL('**/document', { timeout: 40_000 })
  const { organization } = await ahead.ceremony()
  expect(organization.state).toBe('verified')
})
