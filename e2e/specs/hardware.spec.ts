import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Ahead } from '../support/ahead'
import { sent } from '../support/api'
import { agent, company } from '../support/people'
import type { Serving } from '../support/server'
import { expect, expectAccessible, test as base } from '../support/test'

const places = ['/usr/lib/softhsm', '/usr/lib/x86_64-linux-gnu/softhsm', '/usr/lib/aarch64-linux-gnu/softhsm']
const module = places.map((folder) => `${folder}/libsofthsm2.so`).find(existsSync)

const test = base.extend<object, { serving: Serving }>({
  serving: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'vermilion-token-'))
      await use(module ? await token(module, folder) : {})
      await rm(folder, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
})

/** A fresh token, and the server that uses it. */
async function token(module: string, folder: string): Promise<Serving> {
  const settings = join(folder, 'softhsm2.conf')
  await mkdir(join(folder, 'tokens'))
  await writeFile(settings, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`)
  const env = { SOFTHSM2_CONF: settings, VERMILION_HSM_PIN: '913570' }
  const init = ['--init-token', '--free', '--label', 'seals', '--pin', env.VERMILION_HSM_PIN, '--so-pin', '12345678']
  await promisify(execFile)('softhsm2-util', init, { env: { ...process.env, ...env } })
  return { args: ['--hsm-module', module, '--hsm-token', 'seals'], env }
}

test("a company's key is made in the hardware module, and seals after its agent's PIN", async ({
  page,
  sender,
  pdf,
  words,
}) => {
  test.skip(!module && !process.env.CI, 'SoftHSM is not installed')
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const ahead = await Ahead.consented(
    page,
    words,
    await sent(sender, pdf, words, { name: agent.name, organization: company.name }),
  )
  await ahead.identify(agent)
  await ahead.prove(company)
  await ahead.read()
  await ahead.sealDrawn()
  await ahead.open('key')
  await page.getByRole('radio', { name: words.t('signing:key.way_pkcs11_pin') }).check()
  await expectAccessible(page)
  await page.locator('[name=pin]').fill(agent.pin)
  await page.locator('[name=pin-again]').fill(agent.pin)
  await press(words.t('signing:key.submit'))
  await page.waitForURL('**/confirm')
  await expectAccessible(page)
  await page.locator('[name=pin]').fill('999888')
  await press(words.t('signing:confirm.seal'))
  await expect(page.getByText(words.like('problem:pin_wrong'))).toBeVisible()
  await page.locator('[name=pin]').fill(agent.pin)
  await press(words.t('signing:confirm.seal'))
  await page.waitForURL('**/done', { timeout: 30_000 })
  await page.goto(`/keys/${ahead.rcp}`)
  await expect(page.getByText(words.t('signing:my_keys.custody.pkcs11'))).toBeVisible()
  await expectAccessible(page)
})
