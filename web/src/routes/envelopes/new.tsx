import { createFileRoute } from '@tanstack/react-router'

export const Route = createFileRoute('/envelopes/new')({ component: () => null })
