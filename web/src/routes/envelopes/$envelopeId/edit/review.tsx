import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/review')({ component: () => null })
