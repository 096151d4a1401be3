import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from '@playwright/test'

export const secret = 'a-secret-of-the-client-7d1c'

/** Where the organization's staff sign in: a provider of others, as a process of its own. */
export class OpenIdProvider {
  private constructor(
    readonly issuer: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(server: string): Promise<OpenIdProvider> {
    const script = join(import.meta.dirname, 'openid-provider.mjs')
    const child = spawn(process.execPath, [script, `${server}/oidc/callback`, secret], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
    })
    const issuer = await new Promise<string>((resolve, reject) => {
      createInterface(child.stdout).once('line', resolve)
      child.once('exit', (code) => reject(new Error(`the provider ended with ${code}:\n${said}`)))
    })
    return new OpenIdProvider(issuer, child)
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return
    const ended = once(this.child, 'exit')
    this.child.kill('SIGTERM')
    await ended
  }

  /** The provider's own pages: who one is, then leave to tell. What it remembers of this browser, it does not ask again. */
  async signIn(page: Page, email: string) {
    const login = page.locator('[name=login]')
    const consent = page.getByRole('button', { name: 'Continue' })
    await page.waitForURL(/\/(interaction|oidc)\//)
    while (page.url().startsWith(this.issuer)) {
      await login.or(consent).first().waitFor()
      if (await login.isVisible()) {
        await login.fill(email)
        await page.locator('[name=password]').fill('anything')
        await page.getByRole('button', { name: 'Sign-in' }).click()
        await consent.waitFor()
      } else {
        await consent.click()
        await page.waitForURL('**/oidc/callback**')
      }
    }
  }

  async cancel(page: Page) {
    await page.waitForURL(`${this.issuer}/interaction/*`)
    await page.locator('a[href$="/abort"]').click()
    await page.waitForURL('**/oidc/callback**')
  }

  /** As another person at the same browser: the provider knows nobody any more. */
  async forget(page: Page) {
    await page.context().clearCookies({ name: /^_(session|interaction)/ })
  }
}
