import { IconFileSearch } from '@tabler/icons-react'
import { type DragEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { ChooseFile } from './choose-file'
import classes from './verify.module.css'

/** Dropping is a shortcut; the button does the same. */
export function DropArea({ limit, onFiles }: { limit: number | undefined; onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('verify')
  const format = useFormat()
  const [over, setOver] = useState(false)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) onFiles(files)
  }
  return (
    <section
      className={classes.drop}
      data-over={over}
      aria-label={t('choose')}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className={classes.dropIcon} aria-hidden="true">
        <IconFileSearch size={34} stroke={1.5} />
      </div>
      <p className={classes.dropTitle}>{t(over ? 'drop_over' : 'drop_title')}</p>
      <p className={classes.hint}>{t('drop_or')}</p>
      <ChooseFile primary onFiles={onFiles}>
        {t('choose')}
      </ChooseFile>
      {limit ? <p className={classes.hint}>{t('drop_hint', { limit: format.bytes(limit) })}</p> : null}
    </section>
  )
}
