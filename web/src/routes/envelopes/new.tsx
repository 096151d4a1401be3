import { createFileRoute } from '@tanstack/react-router'
import { NewEnvelope } from '@/features/envelope/new-envelope'

export const Route = createFileRoute('/envelopes/new')({ component: NewEnvelope })
