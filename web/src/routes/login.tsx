import { createFileRoute } from '@tanstack/react-router'

export interface LoginSearch {
  /** Where to go afterwards: a path of this site. */
  next?: string
}

export const Route = createFileRoute('/login')({
  validateSearch: (search: Record<string, unknown>): LoginSearch => {
    const next = typeof search.next === 'string' && /^\/(?!\/)/.test(search.next) ? search.next : undefined
    return next ? { next } : {}
  },
  component: () => null,
})
