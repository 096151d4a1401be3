import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { sent, signUp } from '../support/api'
import { OpenIdProvider, secret } from '../support/openid-provider'
import { employer, member } from '../support/people'
import { expect, look, test } from '../support/test'
import type { Words } from '../support/words'

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const guest = { name: member.name, organization: employer.name }
const address = 'wang@delta.example'

/** The whole sign-in, by an OpenID provider that is not ours: an administrator names it, staff sign in there. */
test('staff sign in at their own organization’s directory', async ({ page, server, sender, pdf, words }) => {
  // The provider's page asks for a typeface out of the internet.
  await page.route('**://fonts.googleapis.com/**', (route) => route.abort())
  const provider = await OpenIdProvider.start(server.url)
  try {
    await signUp(page.request)
    await seal(page, words, await sent(sender, pdf, words, guest))
    await administer(page, words)
    await configure(page, words, provider)
    await eachAlgorithm(page, words, provider)
    await inACeremony(page, words, provider, await sent(sender, pdf, words, guest))
  } finally {
    await provider.stop()
  }
})

/** A first contract, sealed: from then on the company and its agent are known. */
async function seal(page: Page, words: Words, envelope: { rcp: string; link: string }) {
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(member)
  if ((await ahead.ceremony()).step === 'organization') await ahead.prove(employer)
  await ahead.read()
  await ahead.sealDrawn()
  if ((await ahead.ceremony()).step === 'key') await ahead.makeKey(member)
  await ahead.open('confirm')
  await sign(page, words)
}

async function sign(page: Page, words: Words) {
  await page.locator('[name=pin]').fill(member.pin)
  await press(page, words.t('signing:confirm.seal'))
  await page.waitForURL('**/done', { timeout: 30_000 })
}

async function administer(page: Page, words: Words) {
  await look(page)
  await press(page, words.t('directory:administer.act'))
  await page.getByRole('link', { name: words.t('directory:administer.open') }).click()
  await page.waitForURL('**/organizations')
}

async function configure(page: Page, words: Words, provider: OpenIdProvider) {
  await look(page)
  await page.locator('[name=issuer]').fill(`${provider.issuer}/elsewhere`)
  await page.locator('[name=client_id]').fill('vermilion-ES256')
  await page.locator('[name=client_secret]').fill(secret)
  await page.locator('[name=domains]').fill('delta.example')
  await press(page, words.t('directory:directory.save'))
  await expect(page.getByText(words.t('problem:directory_unusable_not_found'))).toBeVisible()
  await look(page)
  await page.locator('[name=issuer]').fill(provider.issuer)
  await press(page, words.t('directory:directory.save'))
  await expect(page.getByText(words.t('directory:directory.secret_kept'))).toBeVisible()
  await look(page)
}

/** Signed in four ways: each algorithm of the provider's, each way of showing who the client is. */
async function eachAlgorithm(page: Page, words: Words, provider: OpenIdProvider) {
  const signIn = /^(Sign in|前往|重新登录)/
  for (const alg of ['ES256', 'RS256', 'PS256', 'EdDSA']) {
    if (alg !== 'ES256') {
      await press(page, words.t('directory:directory.change'))
      await page.locator('[name=client_id]').fill(`vermilion-${alg}`)
      // The last client has no secret: left empty with another client id, none is kept.
      if (alg !== 'EdDSA') await page.locator('[name=client_secret]').fill(secret)
      await press(page, words.t('directory:directory.save'))
      await expect(page.getByText(`vermilion-${alg}`)).toBeVisible()
    }
    await page.getByRole('button', { name: signIn }).click()
    await provider.signIn(page, address)
    await expect(page.getByText(words.t('directory:callback.done', { organization: employer.name }))).toBeVisible()
    expect(new URL(page.url()).search).toBe('')
    await look(page)
    await page.getByRole('link', { name: words.t('directory:callback.back') }).click()
    await page.waitForURL('**/organizations')
    await expect(page.getByText(words.t('directory:staff.worth', { organization: employer.name }))).toBeVisible()
    await expect(page.getByText('w***@delta.example', { exact: true })).toBeVisible()
  }
  await look(page)
}

/** The next contract: the statement is offered, cancelled, refused, made; and signing goes on where it was. */
async function inACeremony(
  page: Page,
  words: Words,
  provider: OpenIdProvider,
  envelope: { rcp: string; link: string; id: string },
) {
  await provider.forget(page)
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(member)
  await ahead.read()
  await ahead.sealDrawn()
  await ahead.open('confirm')
  await look(page)
  const signIn = words.t('directory:staff.sign_in')
  const back = page.getByRole('link', { name: words.t('directory:callback.to_signing') })

  await press(page, signIn)
  await provider.cancel(page)
  await expect(page.getByText(words.t('problem:staff_denied'))).toBeVisible()
  await look(page)
  // The answer is gone from the address, and was good once.
  await page.reload()
  await expect(page.getByText(words.t('directory:callback.incomplete'))).toBeVisible()
  await back.click()
  await page.waitForURL(`**/sign/${ahead.rcp}/confirm`)

  for (const [email, refusal] of [
    ['wang@elsewhere.example', 'staff_refused_email_domain'],
    ['unverified@delta.example', 'staff_refused_email_unverified'],
  ] as const) {
    await press(page, signIn)
    await provider.signIn(page, email)
    await expect(page.getByText(words.t(`problem:${refusal}`))).toBeVisible()
    await back.click()
    await page.waitForURL(`**/sign/${ahead.rcp}/confirm`)
    await provider.forget(page)
  }

  await press(page, signIn)
  await provider.signIn(page, address)
  await expect(page.getByText(words.t('directory:callback.done', { organization: employer.name }))).toBeVisible()
  await back.click()
  await page.waitForURL(`**/sign/${ahead.rcp}/confirm`)
  await expect(page.getByText(words.t('directory:staff.worth', { organization: employer.name }))).toBeVisible()
  await look(page)
  const { identity, staff } = await ahead.ceremony()
  expect(identity.how).toEqual(['register', 'phone_code'])
  expect(staff.proof.email_masked).toBe('w***@delta.example')
  await sign(page, words)
}
