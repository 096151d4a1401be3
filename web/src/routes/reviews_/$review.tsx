import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { ReviewPage } from '@/features/reviews/review-page'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/reviews_/$review')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: ReviewRoute,
})

function ReviewRoute() {
  const { review } = Route.useParams()
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <ReviewPage id={review} />
      </Suspense>
    </AppShell>
  )
}
