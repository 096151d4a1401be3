import { defineConfig, type ReporterDescription } from '@playwright/test'

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
const desktop = { viewport: { width: 1280, height: 900 } }
const reporters: ReporterDescription[] = [['list']]

/** Each language and each width once with every judgement; the two other pairs go the same ways, but faster, and the main ones. */
const thorough = { metadata: { thorough: true } }
const faster = { testIgnore: /agents|detours|dialogs|hardware|letter|pending|transfers/ }

/** Each worker has a server and a data folder of its own. */
export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // On a slow machine a step may come too late: tried once more on a server of its own, and listed as flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: process.env.CI ? [...reporters, ['html', { open: 'never' }]] : reporters,
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 20_000,
    trace: 'retain-on-failure',
    contextOptions: { reducedMotion: 'reduce' },
    acceptDownloads: true,
    launchOptions: {
      executablePath: process.env.VERMILION_CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'en-desktop', use: { ...desktop, locale: 'en' }, ...thorough },
    { name: 'zh-phone', use: { ...phone, locale: 'zh-CN' }, ...thorough },
    { name: 'zh-desktop', use: { ...desktop, locale: 'zh-CN' }, ...faster },
    { name: 'en-phone', use: { ...phone, locale: 'en' }, ...faster },
  ],
})
