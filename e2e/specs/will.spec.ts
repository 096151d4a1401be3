import type { APIRequestContext, Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { codeOf, draft, linkTo, post } from '../support/api'
import { faced, member, type Person } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** A signer at the last step of an envelope whose policy asks for the will apart from the key. */
async function atConfirm(page: Page, sender: APIRequestContext, pdf: Buffer, words: Words) {
  const envelope = await careful(sender, pdf, words, member, ['email', 'face', 'sms'])
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(member)
  await ahead.read()
  await ahead.typeSignature(member)
  await ahead.makeKey(member)
  await ahead.open('confirm')
  return envelope
}

/** An envelope that is out under a policy that wants the will confirmed in one of these ways. */
async function careful(sender: APIRequestContext, pdf: Buffer, words: Words, guest: Person, will: string[]) {
  await post(sender, 'policies', {
    name: 'careful',
    title: { en: 'Careful', 'zh-CN': '审慎' },
    assurance: 'low',
    custody: ['pin'],
    will,
    time: 'trusted',
    level: 'PAdES-B-LT',
  })
  const envelope = await draft(sender, pdf, words, guest)
  await sender.patch(`/api/v1/envelopes/${envelope.id}`, { data: { policy: 'careful' } })
  await post(sender, `envelopes/${envelope.id}/send`, {})
  return { ...envelope, link: await linkTo(sender, envelope.email) }
}

test('a code by mail confirms the will, and a wrong PIN after it costs no other', async ({ page, sender, pdf, words }) => {
  const { email } = await atConfirm(page, sender, pdf, words)
  await expect(page.getByRole('heading', { name: words.t('signing:will.title') })).toBeVisible()
  await expect(page.locator('[name=pin]'), 'the will comes first').toHaveCount(0)
  await expectAccessible(page)
  await look(page)
  const code = await codeOf(page.request, email, () => press(page, words.t('signing:will.begin_email')))
  await press(page, words.t('signing:confirm.sign'))
  await expect(page.getByText(words.t('signing:confirm.code_missing')), 'nothing was sent').toBeVisible()
  await expect(page.getByText(words.t('signing:confirm.pin_missing'))).toBeVisible()
  await page.locator('[name=code]').fill(code === '000000' ? '000001' : '000000')
  await page.locator('[name=pin]').fill(member.pin)
  await press(page, words.t('signing:confirm.sign'))
  await expect(page.locator('[name=code][aria-invalid=true]')).toBeVisible()
  await expectAccessible(page)
  await look(page)
  await page.locator('[name=code]').fill(code)
  await page.locator('[name=pin]').fill('999888')
  await press(page, words.t('signing:confirm.sign'))
  await expect(page.getByText(words.like('problem:pin_wrong'))).toBeVisible()
  await expect(page.getByText(words.t('signing:will.passed'))).toBeVisible()
  await expect(page.locator('[name=code]'), 'the code is used up').toHaveCount(0)
  await expectAccessible(page)
  await look(page)
  await page.locator('[name=pin]').fill(member.pin)
  await press(page, words.t('signing:confirm.sign'))
  await page.waitForURL('**/done', { timeout: 30_000 })
})

test('a face is agreed to, shown at the camera, and stands when the page is loaded anew', async ({
  page,
  sender,
  pdf,
  words,
}) => {
  await atConfirm(page, sender, pdf, words)
  await page.getByRole('radio', { name: words.t('signing:will.way_face') }).check()
  await press(page, words.t('signing:will.begin_face'))
  await expect(page.getByText(words.t('signing:identity.face_missing'))).toBeVisible()
  await page.getByRole('checkbox').check()
  await expectAccessible(page)
  await look(page)
  await press(page, words.t('signing:will.begin_face'))
  const link = page.getByRole('link', { name: words.t('signing:identity.wait.open_browser') })
  await expect(link).toBeVisible()
  await expectAccessible(page)
  await look(page)
  const camera = await page.context().newPage()
  await camera.goto((await link.getAttribute('href')) ?? '')
  await press(camera, words.t('sandbox:face.play_passed'))
  await expect(camera.getByRole('link', { name: words.t('sandbox:face.back') })).toBeVisible()
  await camera.close()
  await page.reload()
  await expect(page.getByText(words.t('signing:will.passed'))).toBeVisible()
  await page.locator('[name=pin]').fill(member.pin)
  await press(page, words.t('signing:confirm.sign'))
  await page.waitForURL('**/done', { timeout: 30_000 })
})

test('who could confirm by a phone alone is verified with one', async ({ page, sender, pdf, words }) => {
  const ahead = await Ahead.consented(page, words, await careful(sender, pdf, words, faced, ['sms', 'face']))
  await ahead.open('identity')
  const offered = (await ahead.ceremony()).identity.methods.map(({ method }: { method: string }) => method)
  expect(offered, 'a face alone would leave nothing but a face').toEqual(['three_elements', 'four_elements', 'two_elements'])
  await ahead.identify(faced)
  await ahead.read()
  await ahead.typeSignature(faced)
  await ahead.makeKey(faced)
  await ahead.open('confirm')
  await expect(page.getByText(words.like('signing:will.way_sms'))).toBeVisible()
})

test('where none of the ways can be had, the signer reads why, and has two ways out', async ({
  page,
  sender,
  pdf,
  words,
}) => {
  const ahead = await Ahead.consented(page, words, await careful(sender, pdf, words, member, ['email', 'sms']))
  await ahead.identify(member)
  await ahead.read()
  await ahead.typeSignature(member)
  await ahead.makeKey(member)
  // As when the operator took the last way away after the envelope was sent.
  await page.route(`**/api/v1/signing/${ahead.rcp}`, async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...(await response.json()), will: [] } })
  })
  await ahead.open('confirm')
  await expect(page.getByRole('heading', { name: words.t('signing:will.nowhere_title') })).toBeVisible()
  await expect(page.getByRole('button', { name: words.t('signing:will.nowhere_decline') })).toBeVisible()
  await expectAccessible(page)
  await look(page)
  await page.unrouteAll()
  await press(page, words.t('signing:key.verify_again'))
  await expectAccessible(page)
  await press(page, words.t('signing:key.forgot_confirm'))
  await page.waitForURL('**/identity')
  await ahead.identify(member)
  await ahead.makeKey(member)
  await ahead.open('confirm')
  await expect(page.getByText(words.t('signing:will.way_sms', { to: '138****0007' }))).toBeVisible()
})
