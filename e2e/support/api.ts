import { type APIRequestContext, expect } from '@playwright/test'
import type { Words } from './words'

export interface Guest {
  name: string
  /** For whom they seal; a person signs for themselves. */
  organization?: string
}

/** Signs up, and proves the address by the link in the outbox: the request context is logged in from then on. */
export async function signUp(request: APIRequestContext) {
  const email = `sender-${tag()}@example.com`
  const password = 'vermilion paste in a jade box'
  await post(request, 'accounts', { email, password, name: 'Zhusha Technology', locale: 'en' })
  const token = new URL(await linkTo(request, email)).hash.replace('#token=', '')
  await post(request, 'accounts/verify', { token, password })
}

/** A draft with a document, one recipient, and a place for their signature or seal. */
export async function draft(sender: APIRequestContext, pdf: Buffer, { locale }: Words, guest: Guest) {
  const { id } = await post(sender, 'envelopes', { title: 'Purchase contract', locale })
  const uploaded = await sender.post(`/api/v1/envelopes/${id}/documents?name=contract.pdf`, {
    data: pdf,
    headers: { 'content-type': 'application/pdf' },
  })
  expect(uploaded.ok(), await uploaded.text()).toBe(true)
  const document = (await uploaded.json()).documents[0]
  const email = `signer-${tag()}@example.com`
  const kind = guest.organization ? 'organization' : 'person'
  const { name, organization } = guest
  const recipients = [{ kind, name, organization, email, locale, order: 1 }]
  const rcp: string = (await put(sender, `envelopes/${id}/recipients`, { recipients })).recipients[0].id
  const place = { recipient_id: rcp, document_id: document.id, page: 1, x: 300, y: 480, required: true }
  const size =
    kind === 'person' ? { type: 'signature', width: 160, height: 60 } : { type: 'seal', width: 119, height: 119 }
  await put(sender, `envelopes/${id}/fields`, { fields: [{ ...place, ...size }] })
  return { id: id as string, rcp, email }
}

/** An envelope that is out for signing. */
export async function sent(sender: APIRequestContext, pdf: Buffer, words: Words, guest: Guest) {
  const envelope = await draft(sender, pdf, words, guest)
  await post(sender, `envelopes/${envelope.id}/send`, {})
  return { ...envelope, link: await linkTo(sender, envelope.email) }
}

/** The first link in the newest message to an address. */
export async function linkTo(request: APIRequestContext, address: string): Promise<string> {
  let found = ''
  await expect(async () => {
    found = (await newest(request, address))?.links[0]?.url ?? ''
    expect(found).toContain('#')
  }).toPass()
  return found
}

/** The code that an act has sent to a phone. */
export async function codeOf(request: APIRequestContext, phone: string, act: () => Promise<unknown>): Promise<string> {
  const before = (await newest(request, phone))?.id
  await act()
  let found: Message | undefined
  await expect(async () => {
    found = await newest(request, phone)
    expect(found?.code).toBeTruthy()
    expect(found?.id).not.toBe(before)
  }).toPass()
  return found?.code ?? ''
}

interface Message {
  id: string
  code: string | null
  links: { url: string }[]
}

async function newest(request: APIRequestContext, q: string): Promise<Message | undefined> {
  return (await (await request.get('/api/v1/outbox', { params: { q } })).json()).items[0]
}

export const post = (request: APIRequestContext, path: string, data: unknown) => send(request, 'post', path, data)
export const put = (request: APIRequestContext, path: string, data: unknown) => send(request, 'put', path, data)

async function send(request: APIRequestContext, method: 'post' | 'put', path: string, data: unknown) {
  const answer = await request[method](`/api/v1/${path}`, { data })
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
  return answer.status() === 204 ? null : answer.json()
}

const tag = () => `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`
