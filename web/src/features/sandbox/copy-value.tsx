import { CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './sandbox.module.css'

/** A value that is pressed to be copied; says so when it is. */
export function CopyValue({ value, what, large = false }: { value: string; what: string; large?: boolean }) {
  const { t } = useTranslation('sandbox')
  return (
    <CopyButton value={value} timeout={1600}>
      {({ copied, copy }) => (
        <button
          type="button"
          className={large ? classes.copyLarge : classes.copy}
          onClick={copy}
          aria-label={copied ? t('copied') : `${t('copy_label', { what })}: ${value}`}
        >
          <span>{value}</span>
          {copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          <span role="status" className="visually-hidden">
            {copied ? t('copied') : ''}
          </span>
        </button>
      )}
    </CopyButton>
  )
}
