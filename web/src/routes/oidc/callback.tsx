import { createFileRoute } from '@tanstack/react-router'
import { CallbackPage } from '@/features/directory/callback-page'

export const Route = createFileRoute('/oidc/callback')({ component: CallbackPage })
