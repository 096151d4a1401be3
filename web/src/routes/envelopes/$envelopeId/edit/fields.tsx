import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/envelopes/$envelopeId/edit/fields')({ component: () => null })
