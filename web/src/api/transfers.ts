import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import type { TransferFailure } from './types'

export const transfersQuery = queryOptions({
  queryKey: ['transfers'],
  queryFn: () => data(api.GET('/api/v1/transfers')),
  retry: false,
})

const of = (id: string) => ({ params: { path: { id } } })

/** What is to be paid. Each look is an entry in the log. */
export const viewTransfer = (id: string) => data(api.POST('/api/v1/transfers/{id}/view', of(id)))

export const transferSent = (id: string, reference: string) =>
  data(api.POST('/api/v1/transfers/{id}/sent', { ...of(id), body: { reference } }))

export const transferFailed = (id: string, reason: TransferFailure) =>
  data(api.POST('/api/v1/transfers/{id}/failed', { ...of(id), body: { reason } }))

export const transferReturned = (id: string) => data(api.POST('/api/v1/transfers/{id}/returned', of(id)))
