import { useRef, useState } from 'react'
import { documentUrl, putFields, removeDocument, uploadDocument } from '@/api/envelopes'
import { ApiProblem } from '@/api/problem'
import type { Envelope, EnvelopeDocument, Field, FieldInput } from '@/api/types'
import { keepInside } from '@/pdf/geometry'

export type UploadState =
  | { kind: 'idle' }
  | { kind: 'uploading'; name: string; share: number }
  | { kind: 'checking'; name: string }
  | { kind: 'failed'; name: string; error: unknown }

interface DocumentUploadOptions {
  envelope: Envelope
  limit?: number
  onDone: (envelope: Envelope, file: File) => void
  /** The old document was put back: under a new id. */
  onRestored: (envelope: Envelope) => void
}

/** Uploads the envelope's document, or puts another in its place. A file that is refused leaves the old one there. */
export function useDocumentUpload({ envelope, limit, onDone, onRestored }: DocumentUploadOptions) {
  const [state, setState] = useState<UploadState>({ kind: 'idle' })
  const stopping = useRef<AbortController | null>(null)

  const send = async (file: File) => {
    stopping.current = new AbortController()
    setState({ kind: 'uploading', name: file.name, share: 0 })
    try {
      await precheck(file, limit)
      const old = envelope.documents[0]
      const { signal } = stopping.current
      const onProgress = (share: number) =>
        setState(share < 1 ? { kind: 'uploading', name: file.name, share } : { kind: 'checking', name: file.name })
      const answer = old
        ? await replace(envelope, old, file, { signal, onProgress, onRestored })
        : await uploadDocument(envelope.id, file, { signal, onProgress })
      setState({ kind: 'idle' })
      onDone(answer, file)
    } catch (error) {
      const stopped = error instanceof DOMException && error.name === 'AbortError'
      setState(stopped ? { kind: 'idle' } : { kind: 'failed', name: file.name, error })
    }
  }
  return { state, send, stop: () => stopping.current?.abort(), reset: () => setState({ kind: 'idle' }) }
}

/** What can be said without sending anything. The server looks closer. */
async function precheck(file: File, limit?: number) {
  if (limit && file.size > limit) throw new ApiProblem({ code: 'pdf_too_large', status: 413, params: { limit } })
  if (file.size === 0) throw new ApiProblem({ code: 'file_empty', status: 422 })
  const head = new Uint8Array(await file.slice(0, 1024).arrayBuffer())
  if (!new TextDecoder('latin1').decode(head).includes('%PDF-')) throw new ApiProblem({ code: 'not_pdf', status: 422 })
}

interface Replacing {
  signal: AbortSignal
  onProgress: (share: number) => void
  onRestored: (envelope: Envelope) => void
}

/** An envelope holds one document, so the old one goes first; it is put back if the new one is refused. */
async function replace(envelope: Envelope, old: EnvelopeDocument, file: File, how: Replacing): Promise<Envelope> {
  const response = await fetch(documentUrl(envelope.id, old.id))
  if (!response.ok) throw new ApiProblem({ code: 'network', status: response.status })
  const bytes = await response.blob()
  await removeDocument(envelope.id, old.id)
  try {
    const answer = await uploadDocument(envelope.id, file, how)
    return await carryFields(envelope.fields, answer)
  } catch (error) {
    const restored = await uploadDocument(envelope.id, new File([bytes], old.name, { type: 'application/pdf' }))
    how.onRestored(await carryFields(envelope.fields, restored))
    throw error
  }
}

/** Fields stay where they were, as far as the new document has that page. */
async function carryFields(fields: readonly Field[], answer: Envelope): Promise<Envelope> {
  const document = answer.documents[0]
  if (!document || fields.length === 0) return answer
  const carried = fieldsOn(fields, document)
  return carried.length > 0 ? putFields(answer.id, carried) : answer
}

export function fieldsOn(fields: readonly Field[], document: EnvelopeDocument): FieldInput[] {
  const carried: FieldInput[] = []
  for (const { recipient_id, type, page, x, y, width, height, required, label } of fields) {
    const size = document.page_sizes[page - 1]
    if (!size) continue
    const box = keepInside({ x, y, width, height }, size)
    carried.push({ recipient_id, document_id: document.id, type, page, ...box, required, label })
  }
  return carried
}
