import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'

export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: () => data(api.GET('/api/v1/policies')),
})
