import { QueryClient } from '@tanstack/react-query'
import { ApiProblem } from './problem'

/** A refusal is an answer and is not asked again; a lost connection is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (count, error) =>
          !(error instanceof ApiProblem && error.status >= 400 && error.status < 500) && count < 2,
      },
    },
  })
}
