import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import type { RevocationReason, StatusAction } from './types'

export interface CertificateFilter {
  state?: string
  q?: string
}

export const myCertificatesQuery = queryOptions({
  queryKey: ['certificates', 'mine'],
  queryFn: () => data(api.GET('/api/v1/certificates')),
})

const own = (id: string) => ({ params: { path: { id } } })

export const revokeMine = (id: string, reason: RevocationReason) =>
  data(api.POST('/api/v1/certificates/{id}/revoke', { ...own(id), body: { reason } }))

export const suspendMine = (id: string) => data(api.POST('/api/v1/certificates/{id}/suspend', own(id)))

export const releaseMine = (id: string) => data(api.POST('/api/v1/certificates/{id}/release', own(id)))

/** Whether whoever is logged in administers the authority; the server decides, this only shows the way. */
export const administratorQuery = queryOptions({
  queryKey: ['session', 'administrator'],
  queryFn: async () => (await data(api.GET('/api/v1/session'))).administrator,
  staleTime: 30_000,
})

export const caQuery = queryOptions({
  queryKey: ['ca', 'overview'],
  queryFn: () => data(api.GET('/api/v1/ca')),
  retry: false,
})

export const caCertificatesQuery = ({ state, q }: CertificateFilter) =>
  infiniteQueryOptions({
    queryKey: ['ca', 'certificates', state ?? '', q ?? ''],
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/v1/ca/certificates', {
          params: {
            query: { ...(state ? { state } : {}), ...(q ? { q } : {}), ...(pageParam ? { cursor: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })

export const caCertificateQuery = (id: string) =>
  queryOptions({
    queryKey: ['ca', 'certificate', id],
    queryFn: () => data(api.GET('/api/v1/ca/certificates/{id}', own(id))),
  })

export const caRequestsQuery = queryOptions({
  queryKey: ['ca', 'requests'],
  queryFn: () => data(api.GET('/api/v1/ca/requests')),
})

export const askChange = (id: string, action: StatusAction, reason?: RevocationReason) =>
  data(
    api.POST('/api/v1/ca/certificates/{id}/requests', { ...own(id), body: { action, ...(reason ? { reason } : {}) } }),
  )

export const approveRequest = (id: string) => data(api.POST('/api/v1/ca/requests/{id}/approve', own(id)))

export const refuseRequest = (id: string) => data(api.POST('/api/v1/ca/requests/{id}/refuse', own(id)))
