import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import type { Envelope, EnvelopePatch, EnvelopeStatus, FieldInput, RecipientInput } from './types'
import { type UploadOptions, upload } from './upload'

export interface EnvelopeFilter {
  status?: EnvelopeStatus
  q?: string
}

export const envelopesQuery = (filter: EnvelopeFilter) =>
  infiniteQueryOptions({
    queryKey: ['envelopes', filter],
    queryFn: ({ pageParam }) =>
      data(api.GET('/api/v1/envelopes', { params: { query: { ...filter, cursor: pageParam ?? undefined } } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? null,
  })

export const envelopeQuery = (id: string) =>
  queryOptions({
    queryKey: ['envelope', id],
    queryFn: () => data(api.GET('/api/v1/envelopes/{id}', { params: { path: { id } } })),
  })

export const eventsQuery = (id: string) =>
  queryOptions({
    queryKey: ['envelope', id, 'events'],
    queryFn: () => data(api.GET('/api/v1/envelopes/{id}/events', { params: { path: { id } } })),
  })

export const createEnvelope = (body: { title?: string; locale?: 'en' | 'zh-CN' }) =>
  data(api.POST('/api/v1/envelopes', { body }))

export const changeEnvelope = (id: string, body: EnvelopePatch) =>
  data(api.PATCH('/api/v1/envelopes/{id}', { params: { path: { id } }, body }))

export const deleteEnvelope = (id: string) => data(api.DELETE('/api/v1/envelopes/{id}', { params: { path: { id } } }))

export const uploadDocument = (id: string, file: File, options?: UploadOptions) =>
  upload<Envelope>(`/api/v1/envelopes/${id}/documents?name=${encodeURIComponent(file.name)}`, file, options)

export const removeDocument = (id: string, documentId: string) =>
  data(api.DELETE('/api/v1/envelopes/{id}/documents/{doc_id}', { params: { path: { id, doc_id: documentId } } }))

export const putRecipients = (id: string, recipients: RecipientInput[]) =>
  data(api.PUT('/api/v1/envelopes/{id}/recipients', { params: { path: { id } }, body: { recipients } }))

export const putFields = (id: string, fields: FieldInput[]) =>
  data(api.PUT('/api/v1/envelopes/{id}/fields', { params: { path: { id } }, body: { fields } }))

export const sendEnvelope = (id: string) => data(api.POST('/api/v1/envelopes/{id}/send', { params: { path: { id } } }))

export const voidEnvelope = (id: string, reason: string) =>
  data(api.POST('/api/v1/envelopes/{id}/void', { params: { path: { id } }, body: { reason } }))

export const remindRecipient = (id: string, recipientId: string) =>
  data(api.POST('/api/v1/envelopes/{id}/recipients/{rcp}/remind', { params: { path: { id, rcp: recipientId } } }))

export function documentUrl(id: string, documentId: string, options: { download?: boolean; revision?: number } = {}) {
  const query = new URLSearchParams()
  if (options.download) query.set('download', '1')
  if (options.revision !== undefined) query.set('revision', String(options.revision))
  const search = query.toString()
  return `/api/v1/envelopes/${id}/documents/${documentId}/content${search ? `?${search}` : ''}`
}

export const proofUrl = (id: string) => `/api/v1/envelopes/${id}/proof`

export const reportUrl = (id: string) => `/api/v1/envelopes/${id}/report`
