import { createFileRoute, redirect } from '@tanstack/react-router'
import { Suspense } from 'react'
import { sessionQuery } from '@/api/account'
import { MyCertificates } from '@/features/certificates/my-certificates'
import { AppShell } from '@/ui/app-shell'
import { PageLoading } from '@/ui/page-loading'

export const Route = createFileRoute('/certificates')({
  beforeLoad: async ({ context, location }) => {
    const account = await context.queryClient.ensureQueryData(sessionQuery)
    if (!account) throw redirect({ to: '/login', search: { next: location.href } })
  },
  component: MyCertificatesRoute,
})

function MyCertificatesRoute() {
  return (
    <AppShell>
      <Suspense fallback={<PageLoading />}>
        <MyCertificates />
      </Suspense>
    </AppShell>
  )
}
