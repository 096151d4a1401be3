import { IconMapQuestion } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from './empty-state'
import { LinkButton } from './link-button'
import { Page } from './page'

export function NotFound() {
  const { t } = useTranslation()
  return (
    <Page title={t('not_found.title')} hideTitle>
      <EmptyState
        main
        icon={<IconMapQuestion />}
        title={t('not_found.title')}
        actions={
          <LinkButton to="/" variant="default">
            {t('not_found.home')}
          </LinkButton>
        }
      >
        {t('not_found.text')}
      </EmptyState>
    </Page>
  )
}
