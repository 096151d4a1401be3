import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { ReviewsPage } from '@/features/reviews/reviews-page'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/reviews')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: ReviewsRoute,
})

function ReviewsRoute() {
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <ReviewsPage />
      </Suspense>
    </AppShell>
  )
}
