import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { Authority } from '../support/est'
import { signer } from '../support/people'
import type { Serving } from '../support/server'
import { expect, expectAccessible, test as base } from '../support/test'

const test = base.extend<object, { authority: Authority; serving: Serving }>({
  authority: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const authority = await Authority.start()
      await use(authority)
      await authority.stop()
    },
    { scope: 'worker' },
  ],
  serving: [async ({ authority }, use) => use(authority.serving), { scope: 'worker' }],
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

test("a signer waits for another's authority, is told by mail, and signs", async ({
  page,
  server,
  authority,
  sender,
  pdf,
  words,
}) => {
  await authority.decides(false)
  const envelope = await sent(sender, pdf, words, { name: signer.name })
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(signer)
  await ahead.read()
  await ahead.typeSignature(signer)
  await ahead.open('key')
  await page.locator('[name=pin]').fill(signer.pin)
  await page.locator('[name=pin-again]').fill(signer.pin)
  await press(page, words.t('signing:key.submit'))
  const title = page.getByRole('heading', { name: words.t('signing:key.pending_title') })
  await expect(title).toBeVisible({ timeout: 30_000 })
  await expectAccessible(page)
  await press(page, words.t('signing:key.pending_look'))
  await page.reload()
  await expect(title, 'nothing was decided yet').toBeVisible()

  await authority.decides(true)
  await server.letAskAgain()
  const subject = { en: 'Your certificate is there', 'zh-CN': '您的证书已签发' }[words.locale]
  await expect(async () => {
    const told = await page.request.get('/api/v1/outbox', { params: { q: envelope.email } })
    expect((await told.json()).items[0].subject).toContain(subject)
  }).toPass({ timeout: 30_000 })
  await press(page, words.t('signing:key.pending_look'))
  await page.waitForURL('**/confirm')
  const { certificate } = await ahead.ceremony()
  expect(certificate.issuer).toContain('External Issuing CA')
  await expectAccessible(page)
  await page.locator('[name=pin]').fill(signer.pin)
  await press(page, words.t('signing:confirm.sign'))
  await page.waitForURL('**/done', { timeout: 30_000 })
  expect((await ahead.ceremony()).result.level).toBe('PAdES-B-LTA')
})
