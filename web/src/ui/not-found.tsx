import { Button } from '@mantine/core'
import { IconMapQuestion } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state'
import { Page } from './page'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('not_found.title')} hideTitle>
      <EmptyState
        icon={<IconMapQuestion />}
        title={t('not_found.title')}
        actions={
          <Button component={Link} to="/" variant="default">
            {t('not_found.home')}
          </Button>
        }
      >
        {t('not_found.text')}
      </EmptyState>
    </Page>
  )
}
