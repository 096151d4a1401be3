import { createFileRoute } from '@tanstack/react-router'
import type { EnvelopeFilter } from '@/api/envelopes'
import { EnvelopeListPage } from '@/features/envelope/envelope-list-page'
import { toEnvelopeStatus } from '@/features/envelope/status'

export const Route = createFileRoute('/envelopes/')({
  validateSearch: (search: Record<string, unknown>): EnvelopeFilter => {
    const status = toEnvelopeStatus(search.status)
    const q = typeof search.q === 'string' && search.q.trim() ? search.q : undefined
    return { ...(status ? { status } : {}), ...(q ? { q } : {}) }
  },
  component: EnvelopesRoute,
})

function EnvelopesRoute() {
  const filter = Route.useSearch()
  const navigate = Route.useNavigate()
  return (
    <EnvelopeListPage
      filter={filter}
      onFilter={(next) => navigate({ search: next, replace: true, resetScroll: false })}
    />
  )
}
