import { Button, Group } from '@mantine/core'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { toProblem } from '@/api/problem'
import { LinkButton } from './link-button'
import { NotFound } from './not-found'
import { Page } from './page'
import { ProblemAlert } from './problem-alert'

/** A page that could not be loaded: says why, and offers to try again. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation()
  const router = useRouter()
  const problem = toProblem(error)
  if (problem.code === 'not_found') return <NotFound />
  const again = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Page title={t('page_failed')} hideTitle>
      <ProblemAlert error={error} title={t('page_failed')}>
        <Group mt="md">
          <Button variant="default" onClick={again}>
            {t('again')}
          </Button>
          {problem.code === 'unauthenticated' ? (
            <LinkButton to="/login" search={{ next: window.location.pathname }}>
              {t('nav.login')}
            </LinkButton>
          ) : null}
        </Group>
      </ProblemAlert>
    </Page>
  )
}
