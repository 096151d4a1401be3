import { AxeBuilder } from '@axe-core/playwright'
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test'
import { Server } from './server'
import { Words } from './words'

interface Fixtures {
  words: Words
  /** What must not happen anywhere: an error of a script, or something that the page's policy refused. */
  watched: undefined
}

export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const server = await Server.start()
      await use(server)
      await server.stop()
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
  context.on('weberror', (error) => found.push(String(error.error())))
  context.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) found.push(message.text())
  })
  return found
}

/** Nothing on the page is loading any more, and it has its heading. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('h1').first()).toBeAttached()
  await expect(page.locator('main[aria-busy=true]')).toHaveCount(0)
}

/** The page as a whole, by axe's rules, contrast included; and no scrolling sideways. */
export async function expectAccessible(page: Page): Promise<void> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)
  expect(found, page.url()).toEqual([])
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect(sideways, `${page.url()} scrolls sideways`).toBeLessThanOrEqual(0)
}
