import { type APIRequestContext, expect } from '@playwright/test'

/** An envelope that is out for signing, made through the API: for tests of what comes after. */
export async function sentEnvelope(request: APIRequestContext, pdf: Buffer, locale: 'en' | 'zh-CN') {
  const tag = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`
  const email = `sender-${tag}@example.com`
  const guest = `signer-${tag}@example.com`
  const password = 'vermilion paste in a jade box'
  await post(request, 'accounts', { email, password, name: 'Zhusha Technology', locale })
  const token = new URL(await linkTo(request, email)).hash.replace('#token=', '')
  await post(request, 'accounts/verify', { token })
  const { id } = await post(request, 'envelopes', { title: 'Purchase contract', locale })
  const uploaded = await request.post(`/api/v1/envelopes/${id}/documents?name=contract.pdf`, {
    data: pdf,
    headers: { 'content-type': 'application/pdf' },
  })
  expect(uploaded.ok(), await uploaded.text()).toBe(true)
  const document = (await uploaded.json()).documents[0]
  const recipient = { kind: 'person', name: '李明哲', email: guest, locale, order: 1 }
  const withRecipient = await put(request, `envelopes/${id}/recipients`, { recipients: [recipient] })
  const rcp: string = withRecipient.recipients[0].id
  const place = { recipient_id: rcp, document_id: document.id, type: 'signature', page: 1, required: true }
  await put(request, `envelopes/${id}/fields`, { fields: [{ ...place, x: 300, y: 500, width: 160, height: 60 }] })
  await post(request, `envelopes/${id}/send`, {})
  return { id: id as string, rcp, guest, link: await linkTo(request, guest) }
}

/** The first link in the newest message to an address. */
export async function linkTo(request: APIRequestContext, address: string): Promise<string> {
  let found = ''
  await expect(async () => {
    const answer = await request.get('/api/v1/outbox', { params: { q: address } })
    found = (await answer.json()).items[0]?.links[0]?.url ?? ''
    expect(found).toContain('#')
  }).toPass()
  return found
}

export async function post(request: APIRequestContext, path: string, data: unknown) {
  const answer = await request.post(`/api/v1/${path}`, { data })
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
  return answer.status() === 204 ? null : answer.json()
}

async function put(request: APIRequestContext, path: string, data: unknown) {
  const answer = await request.put(`/api/v1/${path}`, { data })
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
  return answer.json()
}
