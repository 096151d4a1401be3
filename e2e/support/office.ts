import type { Browser, Page } from '@playwright/test'
import { signUp } from './api'
import type { Server } from './server'
import { test } from './test'

/** A page in a browser that is nobody's yet, on the same kind of device. */
export async function elsewhere(browser: Browser, server: Server): Promise<Page> {
  const context = await browser.newContext({ ...test.info().project.use, baseURL: server.url })
  return context.newPage()
}

/** An administrator of the authority, logged in to a browser of their own. */
export async function administrator(browser: Browser, server: Server): Promise<Page> {
  const page = await elsewhere(browser, server)
  await signUp(page.request)
  const { account } = await (await page.request.get('/api/v1/session')).json()
  await server.administer(account.email)
  return page
}
