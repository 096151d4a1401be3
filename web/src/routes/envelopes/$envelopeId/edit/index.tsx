import { createFileRoute, redirect } from '@tanstack/react-router'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/')({
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/envelopes/$envelopeId/edit/documents', params, replace: true })
  },
})
