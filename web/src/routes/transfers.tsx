import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { TransfersPage } from '@/features/transfers/transfers-page'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/transfers')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: TransfersRoute,
})

function TransfersRoute() {
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <TransfersPage />
      </Suspense>
    </AppShell>
  )
}
