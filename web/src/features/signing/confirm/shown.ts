import { ApiProblem } from '@/api/problem'
import { documentUrl } from '@/features/signing/api'

/** What the page showed: the documents as it knows them, the words over the button, and their language. */
export interface Shown {
  documents: readonly { id: string; sha256: string; size: number }[]
  words: string
  language: string
}

interface Drawn {
  size: number
  sha256: string
}

const drawn = new Map<string, Promise<Drawn | null>>()

/** Notes the bytes of a document that was drawn for the signer, to be compared with what they are asked to agree to. */
export function noteDrawn(url: string, bytes: Promise<Uint8Array>) {
  const noted = bytes.then(async (it) => ({ size: it.byteLength, sha256: await sha256(it) }))
  drawn.set(
    url,
    noted.catch(() => null),
  )
}

/**
 * Passes an activation that names the words and the documents that the page showed: not as the server says, but by the
 * digest of the bytes themselves. What was drawn may be an earlier revision, with which the one that is named begins.
 */
export async function mustBeShown(rcp: string, canonical: string, { documents, words, language }: Shown) {
  const stated = read(canonical)
  if (stated?.confirmation.words !== words || stated.confirmation.language !== language) throw differs()
  if (documents.length === 0 || stated.revisions.length === 0) throw differs()
  for (const { document, sha256: named } of stated.revisions) {
    const known = documents.find(({ id }) => id === document)
    if (!known || known.sha256 !== named) throw differs()
    const url = documentUrl(rcp, document)
    const bytes = await fetched(url)
    if ((await sha256(bytes.subarray(0, known.size))) !== named) throw differs()
    const seen = await drawn.get(url)
    if (seen && (seen.size > bytes.byteLength || (await sha256(bytes.subarray(0, seen.size))) !== seen.sha256)) {
      throw differs()
    }
  }
}

interface Stated {
  confirmation: { words: string; language: string }
  revisions: { document: string; sha256: string }[]
}

function read(canonical: string): Stated | null {
  try {
    return JSON.parse(canonical) as Stated
  } catch {
    return null
  }
}

const differs = () => new ApiProblem({ code: 'shown_differs', status: 409 })

async function fetched(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(url, { credentials: 'same-origin' })
  if (!answer.ok) throw new ApiProblem({ code: 'document_missing', status: answer.status })
  return new Uint8Array(await answer.arrayBuffer())
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
