import type { IdentityState } from './ceremony-types'

export type Offered = IdentityState['methods'][number]
export type MethodName = Offered['method']
export type DocumentKind = Offered['documents'][number]

export const isFace = (method: MethodName | null): boolean => method?.startsWith('face_') ?? false

/** The kinds of documents that somebody checks, in the order in which the server names them. */
export function documentKinds(methods: readonly Offered[]): DocumentKind[] {
  return [...new Set(methods.flatMap(({ documents }) => documents))]
}

/** The wanted way, where it is offered for this document, else the first that is. */
export function methodFor(methods: readonly Offered[], document: DocumentKind, wanted: MethodName): MethodName | null {
  const offered = methods.filter(({ documents }) => documents.includes(document))
  return (offered.find(({ method }) => method === wanted) ?? offered[0])?.method ?? null
}
