import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { AccountKeysPage } from '@/features/identity/account-keys-page'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/keys/')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: () => (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <AccountKeysPage />
      </Suspense>
    </AppShell>
  ),
})
