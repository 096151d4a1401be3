import type { Page } from '@playwright/test'
import { codeOf, sent } from '../support/api'
import { strokes } from '../support/ceremony'
import { signer } from '../support/people'
import { expect, settled, test } from '../support/test'
import type { Words } from '../support/words'

// Signing for the first time: on this server nobody has signed before.
test.use({ serving: {} })

/** What it took when the signing pages were first built: a code to the phone, a drawn signature, a PIN. */
const before = { pages: 9, fields: 6, presses: 11 }

/** What it takes now, as it was gone: pages by their headings, fields that were typed, presses of a finger. */
class Walk {
  readonly pages: string[] = []
  readonly fields: string[] = []
  readonly presses: string[] = []

  constructor(
    private readonly page: Page,
    private readonly words: Words,
  ) {}

  async begin(link: string) {
    await this.page.exposeFunction('pressed', (what: string) => this.presses.push(what))
    await this.page.addInitScript(() => {
      const count = ({ target }: Event) => {
        if (!(target instanceof Element) || target instanceof HTMLCanvasElement) return
        const pressed = target.closest('button, a, label, [role=radio], [role=tab]') ?? target
        const input = target instanceof HTMLInputElement ? target.labels?.[0]?.textContent : null
        const name = input ?? pressed.getAttribute('aria-label') ?? pressed.textContent ?? target.tagName
        Reflect.get(window, 'pressed')(name.trim().slice(0, 60))
      }
      addEventListener('pointerdown', count, true)
    })
    await this.page.goto(link)
  }

  /** On to the page that comes next: its heading is another. */
  async arrive(step: string, ready: string) {
    await this.page.waitForURL(`**/sign/*/${step}`)
    await this.page.locator(ready).first().waitFor()
    await settled(this.page)
    this.pages.push((await this.page.locator('h1').first().textContent()) ?? step)
  }

  /** Types what is asked for, and ticks what has to be ticked; what is there already costs nothing. */
  async fill(values: Record<string, string>) {
    const asked = this.page.locator('main input[required]:not([type=file])')
    for (const input of await asked.all()) {
      const name = (await input.getAttribute('name')) ?? 'a field without a name'
      if ((await input.getAttribute('type')) === 'checkbox') await input.check()
      else if ((await input.inputValue()) === '') {
        const value = values[name]
        if (value === undefined) throw new Error(`a first-time signer is asked for ${name} now\n${this}`)
        await input.fill(value)
        this.fields.push(name)
      }
    }
  }

  press(key: string) {
    return this.page.getByRole('button', { name: this.words.t(key), exact: true }).click()
  }

  toString() {
    return ['pages', 'fields', 'presses']
      .map((what) => [what, Reflect.get(this, what) as string[]] as const)
      .map(([what, list]) => `${list.length} ${what}: ${list.join(' · ')}`)
      .join('\n')
  }
}

test('signing for the first time on a phone takes no more steps than it did', async ({
  page,
  sender,
  pdf,
  words,
  isMobile,
}) => {
  test.skip(!isMobile, 'steps are counted on a phone')
  const walk = new Walk(page, words)
  await test.step('as far as the end', async () => {
    await walk.begin((await sent(sender, pdf, words, { name: signer.name })).link)
    await walk.arrive('request', 'footer button')
    await walk.press('signing:actions.continue')
    await walk.arrive('consent', 'input[type=checkbox]')
    await walk.fill({})
    await walk.press('signing:consent.agree')
    await walk.arrive('identity', '[name=id_number]')
    await walk.fill(signer)
    const code = await codeOf(page.request, signer.phone, () => walk.press('signing:identity.submit'))
    await walk.arrive('identity', '[name=code]')
    await walk.fill({ code })
    await walk.press('signing:identity.code_submit')
    await walk.arrive('document', 'canvas[data-drawn]')
    await walk.press('signing:document.next_signature')
    await walk.press('signing:document.finish_signature')
    await walk.arrive('impression', 'footer button')
    await walk.press('signing:impression.draw_open')
    await page.locator('canvas').waitFor()
    await strokes(page)
    await walk.press('signing:impression.use_signature')
    await walk.arrive('key', '[name=pin]')
    await walk.fill({ pin: signer.pin, 'pin-again': signer.pin })
    await walk.press('signing:key.submit')
    await walk.arrive('confirm', '[name=pin]')
    await walk.fill({ pin: signer.pin })
    await walk.press('signing:confirm.sign')
    await walk.arrive('done', 'main a[download]')
  }).catch((error: unknown) => {
    // Where the way itself has become another, what was gone of it says where.
    throw new Error(`the way was left after\n${walk}\n\n${error}`, { cause: error })
  })
  for (const what of ['pages', 'fields', 'presses'] as const) {
    expect(walk[what].length, `more ${what} than the ${before[what]} of before:\n${walk}`).toBeLessThanOrEqual(before[what])
  }
})
