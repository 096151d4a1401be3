import { basename } from 'node:path'
import type { CDPSession, Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { draft, linkTo, post } from '../support/api'
import { forgetter, guesser, signer as loner, typist } from '../support/people'
import { expect, expectAccessible, test } from '../support/test'
import type { Words } from '../support/words'

test.use({ serving: { host: 'localhost' } })

/** The browser's virtual authenticator: a phone with a finger on its sensor. */
async function authenticator(page: Page, hasPrf: boolean) {
  const session: CDPSession = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const options = {
    protocol: 'ctap2',
    ctap2Version: 'ctap2_1',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
    hasPrf,
  } as const
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options })
  return {
    verifies: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  }
}

/** The PDF and the file beside it, given to the verification page together. */
async function verifiedWithItsProof(page: Page, words: Words) {
  const files: string[] = []
  for (const key of ['download', 'proof']) {
    const coming = page.waitForEvent('download')
    await page.getByRole('link', { name: words.t(`signing:done.${key}`) }).click()
    const download = await coming
    files.push(test.info().outputPath(download.suggestedFilename()))
    await download.saveAs(files.at(-1) ?? '')
  }
  expect(files[0], 'not the name of the file as it was uploaded').toContain(' - signed.pdf')
  await page.goto('/verify')
  await page.locator('input[type=file]').setInputFiles(files)
  const [file = '', name = ''] = files.map((path) => basename(path))
  expect(name).toBe('activation-proof.json')
  await expect(page.getByText(words.t('verify:proof.used', { file, name }))).toBeVisible()
  await expectAccessible(page)
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

for (const [hasPrf, who] of [
  [true, typist],
  [false, guesser],
] as const) {
  test(`a passkey ${hasPrf ? 'with' : 'without'} its function makes the key and signs`, async ({
    page,
    sender,
    pdf,
    words,
  }) => {
    const finger = await authenticator(page, hasPrf)
    const envelope = await draft(sender, pdf, words, who)
    await sender.patch(`/api/v1/envelopes/${envelope.id}`, { data: { policy: 'strict' } })
    await post(sender, `envelopes/${envelope.id}/send`, {})
    const link = await linkTo(sender, envelope.email)
    await page.goto(link)
    await page.waitForURL('**/request')
    await press(page, words.t('signing:actions.continue'))
    await page.waitForURL('**/consent')
    const title = { en: 'Strict', 'zh-CN': '严格' }[words.locale]
    await expect(page.getByText(words.t('signing:consent.policy_title', { title }))).toBeVisible()
    await expectAccessible(page)
    const ahead = await Ahead.consented(page, words, { rcp: envelope.rcp, link })
    await ahead.identify(who)
    await ahead.read()
    await ahead.typeSignature(who)
    await ahead.open('key')
    await expect(page.locator('[name=pin]'), 'strict takes no PIN').toHaveCount(0)
    await expectAccessible(page)
    await press(page, words.t('signing:key.passkey_submit'))
    await page.waitForURL('**/confirm')
    await expectAccessible(page)
    // Not without the finger: the browser gives no answer, and nothing is signed. An authenticator with the function is asked
    // again until it locks itself for good, so only the other one can go on after that.
    if (!hasPrf) {
      await finger.verifies(false)
      await press(page, words.t('signing:confirm.sign_passkey'))
      await expect(page.getByText(words.t('signing:confirm.passkey_cancelled'))).toBeVisible()
      await finger.verifies(true)
    }
    const offered = page.waitForResponse((response) => response.url().endsWith('/activations') && response.ok())
    await press(page, words.t('signing:confirm.sign_passkey'))
    const { passkey } = await (await offered).json()
    expect(passkey.prf !== null, 'the key is sealed under the function where there is one').toBe(hasPrf)
    await page.waitForURL('**/done', { timeout: 30_000 })
    const done = await ahead.ceremony()
    expect(done.result.level).toBe('PAdES-B-LTA')
    if (hasPrf) await verifiedWithItsProof(page, words)
  })
}

test('a PIN stays the way that is offered first, and a passkey stands beside it', async ({ page, sender, pdf, words }) => {
  await authenticator(page, true)
  const envelope = await draft(sender, pdf, words, forgetter)
  await post(sender, `envelopes/${envelope.id}/send`, {})
  const link = await linkTo(sender, envelope.email)
  const ahead = await Ahead.consented(page, words, { rcp: envelope.rcp, link })
  await ahead.identify(forgetter)
  await ahead.read()
  await ahead.typeSignature(forgetter)
  await ahead.open('key')
  await expect(page.locator('[name=pin]')).toBeVisible()
  await page.getByRole('radio', { name: words.t('signing:key.way_passkey') }).check()
  await expect(page.locator('[name=pin]')).toHaveCount(0)
  await expectAccessible(page)
})


test('a key that this browser keeps signs, and shows among the signer\'s keys', async ({ page, sender, pdf, words }) => {
  const envelope = await draft(sender, pdf, words, loner)
  await post(sender, `envelopes/${envelope.id}/send`, {})
  const link = await linkTo(sender, envelope.email)
  const ahead = await Ahead.consented(page, words, { rcp: envelope.rcp, link })
  await ahead.identify(loner)
  await ahead.read()
  await ahead.typeSignature(loner)
  await ahead.open('key')
  await page.getByRole('radio', { name: words.t('signing:key.way_device') }).check()
  await expectAccessible(page)
  await press(page, words.t('signing:key.device_submit'))
  await page.waitForURL('**/confirm')
  await expectAccessible(page)
  await press(page, words.t('signing:confirm.sign'))
  await page.waitForURL('**/done', { timeout: 30_000 })
  await page.goto(`/keys/${envelope.rcp}`)
  await expect(page.getByText(words.t('signing:my_keys.custody.device'))).toBeVisible()
  await expectAccessible(page)
  await press(page, words.t('signing:my_keys.give_up'))
  const dialog = page.getByRole('dialog')
  await expect(dialog).toBeVisible()
  await dialog.getByRole('button', { name: words.t('signing:my_keys.give_up'), exact: true }).click()
  await expect(page.getByText(words.t('signing:my_keys.over'), { exact: true }).first()).toBeVisible()
})
