import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { MyIdentityPage } from '@/features/identity/my-identity-page'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/identity')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: () => (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <MyIdentityPage />
      </Suspense>
    </AppShell>
  ),
})
