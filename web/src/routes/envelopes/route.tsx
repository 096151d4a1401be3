import { createFileRoute, Outlet, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/envelopes')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: EnvelopesLayout,
})

function EnvelopesLayout() {
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <Outlet />
      </Suspense>
    </AppShell>
  )
}
