import { linkTo, post, sent } from '../support/api'
import { begin } from '../support/ceremony'
import { signer } from '../support/people'
import { expect, expectAccessible, test } from '../support/test'

test('a signer declines with a reason; the link says so from then on', async ({ page, sender, pdf, words }) => {
  const { id, link } = await sent(sender, pdf, words, { name: signer.name })
  await page.goto(link)
  await page.waitForURL('**/request')
  await page.getByRole('button', { name: words.t('signing:header.more') }).click()
  await page.getByRole('menuitem', { name: words.t('signing:header.decline') }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('button', { name: words.t('signing:decline.submit') }).click()
  await expect(dialog.getByText(words.t('signing:decline.reason_missing'))).toBeVisible()
  await expectAccessible(page)
  await dialog.getByRole('textbox').fill('价款与约定不符。')
  await dialog.getByRole('button', { name: words.t('signing:decline.submit') }).click()
  await page.waitForURL('**/declined')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:declined.title_self'))
  await expectAccessible(page)
  await page.goto(link)
  await page.waitForURL('**/declined')
  const envelope = await (await sender.get(`/api/v1/envelopes/${id}`)).json()
  expect(envelope).toMatchObject({ status: 'declined', decline: { reason: '价款与约定不符。' } })
})

test('a second tab, a reload and the back button land where the signer is', async ({
  context,
  page,
  sender,
  pdf,
  words,
}) => {
  const { rcp, link } = await sent(sender, pdf, words, { name: signer.name })
  await begin(page, words, link)
  await page.goBack()
  await expect(page).toHaveURL(/\/identity$/)
  const second = await context.newPage()
  for (const step of ['request', 'confirm', 'done', 'nonsense']) {
    await second.goto(`/sign/${rcp}/${step}`)
    await expect(second).toHaveURL(/\/identity$/)
  }
})

test('a reminder makes a new link, and the old one says what to do; a voided envelope says so', async ({
  browser,
  page,
  sender,
  pdf,
  words,
  baseURL,
}, info) => {
  const { id, rcp, email, link } = await sent(sender, pdf, words, { name: signer.name })
  await post(sender, `envelopes/${id}/recipients/${rcp}/remind`, {})
  await expect.poll(() => linkTo(sender, email)).not.toBe(link)
  const newer = await linkTo(sender, email)
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:link.title'))
  await expectAccessible(page)
  await page.goto(newer)
  await page.waitForURL('**/request')
  await post(sender, `envelopes/${id}/void`, { reason: 'A new version follows.' })
  const other = await browser.newContext({ ...info.project.use, baseURL })
  const late = await other.newPage()
  await late.goto(newer)
  await late.waitForURL('**/voided')
  await expect(late.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:voided.title'))
  await expectAccessible(late)
  await other.close()
})

test('when the days have gone by, nobody signs any more, and everyone is told', async ({
  browser,
  page,
  sender,
  pdf,
  words,
  server,
}, info) => {
  const { id, rcp, link } = await sent(sender, pdf, words, { name: signer.name })
  await begin(page, words, link)
  await server.letExpire(id)
  await page.reload()
  await page.waitForURL(`**/sign/${rcp}/expired`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:expired.title'))
  await expectAccessible(page)
  const other = await browser.newContext({ ...info.project.use, baseURL: server.url })
  const late = await other.newPage()
  await late.goto(link)
  await expect(late.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:link.expired_title'))
  await expectAccessible(late)
  await other.close()
  const envelope = await (await sender.get(`/api/v1/envelopes/${id}`)).json()
  expect(envelope).toMatchObject({ status: 'expired' })
})
