import type { Page } from '@playwright/test'
import { Ahead } from '../support/ahead'
import { post, sent, signUp } from '../support/api'
import { elsewhere } from '../support/office'
import { agent, company, member, type Person } from '../support/people'
import { expect, expectAccessible, look, test } from '../support/test'
import type { Words } from '../support/words'

// Who acts for a company is asked of the whole server: this one knows no other test's agents.
test.use({ serving: {} })

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Logged in, and shown to be the person and to act for the company, in one browser: the account knows whom it belongs to. */
async function acting(page: Page, words: Words, envelope: { rcp: string; link: string }, who: Person) {
  await signUp(page.request)
  const ahead = await Ahead.consented(page, words, envelope)
  await ahead.identify(who)
  await ahead.prove(company)
  await post(page.request, `signing/${ahead.rcp}/account`, {})
  return ahead
}

test('an agent is let in, and let go by another; each sees what is theirs', async ({
  browser,
  page,
  server,
  sender,
  pdf,
  words,
}) => {
  const label = (key: string, values = {}) => words.t(`identity:organizations.${key}`, values)
  const ask = (name: string) => sent(sender, pdf, words, { name, organization: company.name })
  await acting(page, words, await ask(agent.name), agent)
  const theirs = await elsewhere(browser, server)
  const other = await acting(theirs, words, await ask(member.name), member)

  // Both act for it; whoever was verified last is the first in the list.
  await theirs.goto('/organizations')
  await expect(theirs.getByRole('heading', { level: 2, name: company.name })).toBeVisible()
  await expect(theirs.getByText(label('active'), { exact: true }).first()).toBeVisible()
  await expectAccessible(theirs)

  await page.goto('/organizations')
  const row = page.locator('article li').filter({ hasText: member.name })
  await expect(row).toContainText(label('role.agent'))
  await expect(row).toContainText(label('proof.payment'))
  await expectAccessible(page)
  await row.getByRole('button', { name: label('take') }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText(label('take_text', { name: member.name, organization: company.name }))
  await dialog.getByLabel(label('why')).selectOption('misused')
  await expectAccessible(page)
  await dialog.getByRole('button', { name: label('take') }).click()
  await expect(row).toContainText(label('end.misused'))
  await expect(row.getByRole('button')).toHaveCount(0)
  await look(page)

  // In their own account: over, and why. In their envelope: back at the company, where a payment helps no more.
  await theirs.reload()
  await expect(theirs.getByText(label('over'), { exact: true }).first()).toBeVisible()
  await expect(theirs.getByText(label('end.misused'), { exact: false }).first()).toBeVisible()
  await expect(theirs.getByRole('button', { name: label('resign') })).toHaveCount(0)
  await expectAccessible(theirs)
  await other.open('organization')
  await theirs.locator('[name=credit_code]').fill(company.credit_code)
  await theirs.locator('[name=legal_representative]').fill(company.legal_representative)
  await press(theirs, words.t('signing:organization.submit'))
  await expect(theirs.getByText(words.t('signing:organization.refused.dismissed'))).toBeVisible()
  const ways = theirs.getByRole('radiogroup', { name: words.t('signing:organization.way') }).getByRole('radio')
  await expect(ways, 'neither a payment nor a letter').toHaveCount(2)
  await expect(theirs.getByRole('radio', { name: words.t('signing:organization.way_name.payment') })).toHaveCount(0)
  await expectAccessible(theirs)
  await theirs.context().close()

  // One's own power is given up by the same button.
  await page.getByRole('button', { name: label('resign') }).click()
  await page.getByRole('dialog').getByRole('button', { name: label('resign') }).click()
  await expect(page.getByText(label('end.resigned'), { exact: false }).first()).toBeVisible()
  await look(page)
})
