import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import type { PolicyInput } from './types'

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: () => data(api.GET('/api/v1/policies')),
})

export const writePolicy = (body: PolicyInput) => data(api.POST('/api/v1/policies', { body }))
