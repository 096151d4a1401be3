import { expect, expectAccessible, test } from '../support/test'

const paths = [
  '/',
  '/about',
  '/login',
  '/signup',
  '/forgot',
  '/verify',
  '/outbox',
  '/sandbox',
  '/sandbox#organizations',
  '/sandbox#bank',
  '/nowhere',
]

test('every page that anyone may open is accessible', async ({ page }) => {
  for (const path of paths) {
    await test.step(path, async () => {
      await page.goto(path)
      await expectAccessible(page)
    })
  }
})

test('a link that is not valid says what to do', async ({ page, words }) => {
  await page.goto('/sign/rcp_01890000-0000-7000-8000-000000000000#this-secret-was-never-given-to-anyone-at-all')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('signing:link.title'))
  await expect(page.getByText(words.t('signing:link.ask'))).toBeVisible()
  await expectAccessible(page)
})

test('a file that is no PDF, and one without signatures, are told apart', async ({ page, words }) => {
  await page.goto('/verify')
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'a.pdf', mimeType: 'application/pdf', buffer: Buffer.from('hello') })
  await expect(page.getByText(words.t('problem:not_pdf'))).toBeVisible()
  await expectAccessible(page)
  const unsigned = Buffer.from(
    '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF\n',
  )
  await page.locator('input[type=file]').setInputFiles({ name: 'b.pdf', mimeType: 'application/pdf', buffer: unsigned })
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(words.t('verify:verdict.unsigned'))
  await expectAccessible(page)
})
