import { useTranslation } from 'react-i18next'
import type { Guide } from './use-guide'

interface DocumentNoteProps {
  guide: Guide
  page: number
  pages: number
  saving: 'saving' | 'saved' | 'not_saved' | null
}

/** What is left, whether it is kept, and where one is. */
export function DocumentNote({ guide, page, pages, saving }: DocumentNoteProps) {
  const { t } = useTranslation('signing')
  return (
    <>
      <span role="status">
        {guide.left.length > 0
          ? t('document.left', { left: guide.left.length, total: guide.total })
          : t('document.none_left')}
        {saving ? ` · ${t(`document.${saving}`)}` : null}
      </span>
      <span>{t('document.page', { page, pages })}</span>
    </>
  )
}
