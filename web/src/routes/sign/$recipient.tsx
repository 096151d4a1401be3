import { createFileRoute } from '@tanstack/react-router'
import { SigningPage } from '@/features/signing/signing-page'

export const Route = createFileRoute('/sign/$recipient')({ component: SigningPage })
