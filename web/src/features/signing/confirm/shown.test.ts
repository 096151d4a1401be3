import { afterEach, describe, expect, it, vi } from 'vitest'
import { mustBeShown, noteDrawn } from './shown'

const contract = new TextEncoder().encode('%PDF-1.7 a contract')
const other = new TextEncoder().encode('%PDF-1.7 a deed')
const words = 'I agree'

async function digest(bytes: Uint8Array<ArrayBuffer>) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** As the server: the activation, and the document that it hands out. */
async function asked(named: Uint8Array<ArrayBuffer>, given = contract, said = words) {
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => new Response(given)),
  )
  const sha256 = await digest(named)
  const canonical = JSON.stringify({
    confirmation: { words: said, language: 'en' },
    revisions: [{ document: 'doc_1', revision: 0, sha256 }],
  })
  return { canonical, shown: { documents: [{ id: 'doc_1', sha256, size: named.length }], words, language: 'en' } }
}

describe('what a passkey is asked to agree to', () => {
  afterEach(() => vi.unstubAllGlobals())

  it('is the document that the page has, and the words over the button', async () => {
    const { canonical, shown } = await asked(contract)
    await expect(mustBeShown('rcp_1', canonical, shown)).resolves.toBeUndefined()
    const said = await asked(contract, contract, 'I give it all away')
    await expect(mustBeShown('rcp_1', said.canonical, said.shown)).rejects.toMatchObject({ code: 'shown_differs' })
    await expect(mustBeShown('rcp_1', '{', shown)).rejects.toMatchObject({ code: 'shown_differs' })
  })

  it('is refused where the digest is that of other bytes', async () => {
    const { canonical, shown } = await asked(other)
    await expect(mustBeShown('rcp_1', canonical, shown)).rejects.toMatchObject({ code: 'shown_differs' })
    const own = { ...shown, documents: [{ id: 'doc_1', sha256: await digest(contract), size: contract.length }] }
    await expect(mustBeShown('rcp_1', canonical, own)).rejects.toMatchObject({ code: 'shown_differs' })
  })

  it('is refused where something else was drawn before', async () => {
    noteDrawn('/api/v1/signing/rcp_2/documents/doc_1/content', Promise.resolve(other))
    const { canonical, shown } = await asked(contract)
    await expect(mustBeShown('rcp_2', canonical, shown)).rejects.toMatchObject({ code: 'shown_differs' })
    // Somebody else has signed since: the document begins with what was drawn.
    noteDrawn('/api/v1/signing/rcp_2/documents/doc_1/content', Promise.resolve(contract.slice(0, 8)))
    await expect(mustBeShown('rcp_2', canonical, shown)).resolves.toBeUndefined()
  })
})
