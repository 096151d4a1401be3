import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import { ApiProblem, problemFrom } from './problem'
import type { ReviewCheck, ReviewReason } from './types'

const one = (id: string) => ({ params: { path: { id } } })

export const reviewsQuery = queryOptions({
  queryKey: ['reviews', 'list'],
  queryFn: () => data(api.GET('/api/v1/reviews')),
  retry: false,
  refetchInterval: 15_000,
})

export const reviewQuery = (id: string) =>
  queryOptions({
    queryKey: ['reviews', 'case', id],
    queryFn: () => data(api.GET('/api/v1/reviews/{id}', one(id))),
    retry: false,
  })

export const claimReview = (id: string) => data(api.POST('/api/v1/reviews/{id}/claim', one(id)))

export const releaseReview = (id: string) => data(api.POST('/api/v1/reviews/{id}/release', one(id)))

export const approveReview = (id: string, checks: ReviewCheck[], zone: string) =>
  data(api.POST('/api/v1/reviews/{id}/approve', { ...one(id), body: { checks, ...(zone ? { zone } : {}) } }))

export const refuseReview = (id: string, reason: ReviewReason, note: string, zone: string) =>
  data(
    api.POST('/api/v1/reviews/{id}/refuse', {
      ...one(id),
      body: { reason, ...(note ? { note } : {}), ...(zone ? { zone } : {}) },
    }),
  )

/** What the machine-readable zone of a passport says beside what was typed. Nothing of it is kept. */
export const compareZone = (id: string, zone: string) =>
  data(api.POST('/api/v1/reviews/{id}/zone', { ...one(id), body: { zone } }))

export const askAgain = (id: string, reason: ReviewReason, note: string) =>
  data(api.POST('/api/v1/reviews/{id}/ask', { ...one(id), body: { reason, ...(note ? { note } : {}) } }))

/** What the signatures of a letter are worth. */
export const loadVerdict = (id: string, picture: string) =>
  data(api.GET('/api/v1/reviews/{id}/pictures/{picture}/verdict', { params: { path: { id, picture } } }))

/** A picture, once: each time it is asked for, the log says that it was looked at. */
export async function loadPicture(id: string, picture: string): Promise<Blob> {
  const path = `/api/v1/reviews/${encodeURIComponent(id)}/pictures/${encodeURIComponent(picture)}`
  const answer = await fetch(path, { cache: 'no-store' })
  if (answer.ok) return answer.blob()
  throw new ApiProblem(problemFrom(answer.status, await answer.json().catch(() => null)))
}
