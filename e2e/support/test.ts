import { AxeBuilder } from '@axe-core/playwright'
import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { signUp } from './api'
import { contract } from './contract'
import { Server, type Serving } from './server'
import { Words } from './words'

interface Fixtures {
  words: Words
  /** What must not happen anywhere: an error of a script, or something that the page's policy refused. */
  watched: undefined
}

interface Shared {
  /** How the worker's server is started: a spec that needs it otherwise has a server of its own. */
  serving: Serving
  server: Server
  /** A contract by another program than ours. */
  pdf: Buffer
  /** Logged in; one account for a worker's tests, because sign-ups are counted. */
  sender: APIRequestContext
}

export const test = base.extend<Fixtures, Shared>({
  serving: [{}, { scope: 'worker', option: true }],
  server: [
    async ({ serving }, use) => {
      const server = await Server.start(serving)
      await use(server)
      await server.stop()
    },
    { scope: 'worker' },
  ],
  pdf: [async ({ browser }, use) => use(await contract(browser)), { scope: 'worker' }],
  sender: [
    async ({ playwright, server }, use) => {
      const sender = await playwright.request.newContext({ baseURL: server.url })
      await signUp(sender)
      await use(sender)
      await sender.dispose()
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  words: async ({ locale }, use) => use(new Words(locale === 'zh-CN' ? 'zh-CN' : 'en')),
  watched: [
    async ({ context }, use) => {
      const found = watch(context)
      await use(undefined)
      expect(found).toEqual([])
    },
    { auto: true },
  ],
})

export { expect }

/** Collects errors of scripts, and what the page's policy refused. */
export function watch(context: BrowserContext): string[] {
  const found: string[] = []
  context.on('weberror', (error) => {
    const text = String(error.error())
    // PDF.js's worker throws this at itself where a document is closed while it loads; no page sees it.
    if (text !== 'Error: Worker was terminated') found.push(text)
  })
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) found.push(message.text())
  })
  return found
}

/** Nothing on the page is loading any more, and it has its heading. */
export async function settled(page: Page): Promise<void> {
  await page.locator(':root:not(:has(main[aria-busy=true])) h1').first().waitFor({ state: 'attached' })
}

/** Whether this project judges every page on a long way. The others go the same way for its words and its width. */
export const thorough = (): boolean => test.info().project.metadata.thorough === true

/** A page on a long way: whole where the project is thorough, else by its width alone. */
export async function look(page: Page): Promise<void> {
  if (thorough()) return expectAccessible(page)
  await settled(page)
  await expectNoSidewaysScrolling(page)
}

/** The page as a whole, by axe's rules, contrast included; and no scrolling sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page)
  // Every rule, over everything; what passed need not be described. For frames, of which the pages have none, axe would open
  // another page of its own each time. Both make it three times as quick.
  expect(page.frames(), 'axe would look into no frame').toHaveLength(1)
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] })
  const { violations } = await axe.analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
  expect(found, page.url()).toEqual([])
  await expectNoSidewaysScrolling(page)
}

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(sideways, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}
