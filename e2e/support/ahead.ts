import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { codeOf, post, put } from './api'
import type { Company, Person } from './people'
import type { Words } from './words'

/** A signer whose browser has come some way by the API: for tests of what comes after. */
export class Ahead {
  private constructor(
    readonly rcp: string,
    private readonly page: Page,
  ) {}

  /** The link is opened, the request seen, consent given. */
  static async consented(page: Page, words: Words, { rcp, link }: { rcp: string; link: string }): Promise<Ahead> {
    const ahead = new Ahead(rcp, page)
    await ahead.post('session', { token: new URL(link).hash.slice(1) })
    const { consent } = await ahead.post('view', {})
    await ahead.post('consent', { version: consent.version, locale: words.locale })
    return ahead
  }

  async identify({ name, id_number, phone }: Person) {
    const { version } = (await this.ceremony()).identity.consents
    const consent = { version, locale: 'zh-CN' }
    const given = { name, id_number, phone, consent }
    const code = await codeOf(this.request, phone, () => this.post('identity', given))
    await this.post('identity/code', { code })
  }

  /** Up to the provider's page, where the face is to be shown. */
  async showFace({ name, id_number }: Person) {
    const { version } = (await this.ceremony()).identity.consents
    const consent = { version, locale: 'zh-CN', face: true }
    await this.post('identity', { name, id_number, method: 'face_alipay', consent })
  }

  async prove({ name, credit_code, legal_representative, account_number }: Company) {
    await this.post('organization', { name, credit_code, legal_representative })
    await this.post('organization/payment', { account_number })
    const answer = await this.request.get('/api/v1/sandbox/bank', { params: { account: account_number } })
    const { amount_fen } = (await answer.json()).transfers[0]
    await this.post('organization/payment/confirm', { amount_fen })
  }

  /** Nothing is there to fill in: reading is all. */
  async read() {
    await put(this.request, `signing/${this.rcp}/fields`, { values: [] })
  }

  async typeSignature({ name }: Person) {
    await this.post('impressions', { kind: 'typed', text: name })
  }

  async sealDrawn() {
    await this.post('impressions', { kind: 'seal_drawn', purpose: 'contract' })
  }

  async makeKey({ pin }: Person) {
    await this.post('key', { pin })
  }

  async ceremony() {
    return (await this.request.get(`/api/v1/signing/${this.rcp}`)).json()
  }

  /** Opens the page of the step that the ceremony is at. */
  async open(step: string) {
    await this.page.goto(`/sign/${this.rcp}/${step}`)
    await expect(this.page).toHaveURL(new RegExp(`/sign/${this.rcp}/${step}$`))
    await expect(this.page.locator('h1').first()).toBeVisible()
  }

  private get request(): APIRequestContext {
    return this.page.request
  }

  private post(operation: string, body: unknown) {
    return post(this.request, `signing/${this.rcp}/${operation}`, body)
  }
}
