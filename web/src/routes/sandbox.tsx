import { createFileRoute } from '@tanstack/react-router'
import { SandboxPage } from '@/features/sandbox/sandbox-page'

export const Route = createFileRoute('/sandbox')({ component: SandboxPage })
