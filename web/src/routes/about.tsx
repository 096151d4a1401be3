import { createFileRoute } from '@tanstack/react-router'
import { AboutPage } from '@/features/landing/about-page'

export const Route = createFileRoute('/about')({ component: AboutPage })
