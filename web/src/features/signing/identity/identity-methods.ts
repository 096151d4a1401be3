import type { IdentityState } from '@/features/signing/ceremony-types'

export type Offered = IdentityState['methods'][number]
export type MethodName = Offered['method']
export type DocumentKind = Offered['documents'][number]

export const isFace = (method: MethodName | null): boolean => method?.startsWith('face_') ?? false

/** Elements are compared, one of them a phone. */
export const asksPhone = (method: MethodName | null): boolean => method?.endsWith('_elements') ?? true

/** What is agreed to by a box of its own, besides the ID data. */
export function ownConsent(method: MethodName | null): 'face' | 'photo' | null {
  if (method === 'document_photo') return 'photo'
  return isFace(method) ? 'face' : null
}

/** The kinds of documents that somebody checks, in the order in which the server names them. */
export function documentKinds(methods: readonly Offered[]): DocumentKind[] {
  return [...new Set(methods.flatMap(({ documents }) => documents))]
}

/** The wanted way, where it is offered for this document, else the first that is. */
export function methodFor(methods: readonly Offered[], document: DocumentKind, wanted: MethodName): MethodName | null {
  const offered = methods.filter(({ documents }) => documents.includes(document))
  return (offered.find(({ method }) => method === wanted) ?? offered[0])?.method ?? null
}
